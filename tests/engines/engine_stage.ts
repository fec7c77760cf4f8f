/** Engines without a worker around them: the loopback model, a home, and codex run from the test's own process. */
import { join } from "@std/path";
import { runAppServer } from "../../assets/lib/codex/app_server.ts";
import type {
  EngineContext,
  EngineRun,
  TurnRequest,
} from "../../assets/lib/codex/engine.ts";
import { RpcConnection } from "../../assets/lib/codex/rpc.ts";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";
import { spawnTalking } from "../../assets/lib/system/spawn.ts";
import { until } from "../lab.ts";
import { findCodex } from "../loopback/codex_binary.ts";
import {
  createHome,
  createRepo,
  type Home,
  type HomeOptions,
} from "../loopback/home.ts";
import {
  type ModelServer,
  startModelServer,
} from "../loopback/model_server.ts";
import type { Play } from "../loopback/play.ts";

/** A message of the protocol, whichever way it went. */
export interface Message {
  id?: number | string;
  method?: string;
  // deno-lint-ignore no-explicit-any
  params?: any;
  // deno-lint-ignore no-explicit-any
  result?: any;
  error?: { code: number; message: string };
}

/** A turn that was started on an engine. */
export interface StartedTurn {
  run: EngineRun;
  /** The events so far; it grows. */
  // deno-lint-ignore no-explicit-any
  events: (StoredEvent & { [field: string]: any })[];
  /** Ends with the turn; rejects as the engine's events do. */
  over: Promise<void>;
  /** What was sent and received so far. */
  sent: Message[];
  received: Message[];
  log: string[];
  stop: AbortController;
}

/** What a turn may be started with besides the prompt. */
export interface StartOptions extends Partial<TurnRequest> {
  ask?: boolean;
  timeoutMs?: number;
  codexPath?: string;
}

/** A client of its own, for what the engine does not ask. */
export interface RawClient {
  rpc: RpcConnection;
  received: Message[];
  call(method: string, params?: unknown): Promise<Message["result"]>;
  initialize(experimental?: boolean): Promise<Message["result"]>;
}

export interface EngineStage extends AsyncDisposable {
  server: ModelServer;
  home: Home;
  repo: string;
  /** A codex that finds itself in this home. */
  codexPath: string;
  start(prompt: string, options?: StartOptions): Promise<StartedTurn>;
  /** Runs a turn to its end; no process is left then. */
  run(prompt: string, options?: StartOptions): Promise<StartedTurn>;
  /** `codex app-server`, ended with the stage. */
  client(): RawClient;
}

/** No turn here takes that long, in ms; one that does hangs. */
const LIMIT_MS = 120_000;

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`The turn did not end within ${ms} ms`);
    timer = setTimeout(() => reject(error), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What a turn asks unless a test says otherwise. */
export const plainRequest = (prompt: string, cwd: string): TurnRequest => ({
  prompt,
  threadId: null,
  fork: false,
  review: null,
  cwd,
  model: null,
  effort: null,
  summary: null,
  sandbox: null,
  network: null,
  addDirs: [],
  inherited: null,
  approvalPolicy: "never",
  reviewer: null,
  experimental: false,
  images: [],
  skills: [],
  mentions: [],
  schema: null,
  schemaPath: null,
  config: [],
  skipGitCheck: false,
  ephemeral: false,
  lean: false,
  trace: false,
});

/** Sets the stage; everything on it is gone at the end of the scope. */
export async function openEngineStage(
  { play, codex, ...options }: Omit<HomeOptions, "modelUrl"> & {
    play?: Play;
    codex?: string;
  } = {},
): Promise<EngineStage> {
  const server = await startModelServer(play ? { play } : {});
  const home = await createHome({ ...options, modelUrl: server.url });
  const repo = await createRepo(home);
  const codexPath = inHome(home, codex ?? await findCodex());
  const stack = new AsyncDisposableStack();

  const start = async (
    prompt: string,
    { ask = false, timeoutMs = 30_000, codexPath: own, ...more }: StartOptions =
      {},
  ): Promise<StartedTurn> => {
    const stop = new AbortController();
    const log: string[] = [];
    const sent: Message[] = [];
    const received: Message[] = [];
    const context: EngineContext = {
      codexPath: own ?? codexPath,
      scratchDir: Deno.makeTempDirSync({ dir: home.home, prefix: "turn-" }),
      approvals: { ask, timeoutMs },
      log: (line) => log.push(line),
      trace: (direction, line) => {
        if (!line.startsWith("{")) return; // rpc_test.ts says that it must not come
        (direction === "out" ? sent : received).push(JSON.parse(line));
      },
      signal: stop.signal,
    };
    const request = {
      ...plainRequest(prompt, repo),
      approvalPolicy: ask ? "on-request" as const : "never" as const,
      ...more,
    };
    const run = await runAppServer(request, context);
    stack.defer(() => run.close());
    const events: StoredEvent[] = [];
    const reading = (async () => {
      for await (const event of run.events) events.push(event);
    })();
    const over = within(LIMIT_MS, reading);
    over.catch(() => {}); // the test looks at it when it is time
    return { run, events, over, sent, received, log, stop };
  };

  return {
    server,
    home,
    repo,
    codexPath,
    start,
    async run(prompt, options) {
      const turn = await start(prompt, options);
      await turn.over;
      await turn.run.close();
      return turn;
    },
    client() {
      const child = spawnTalking(codexPath, ["app-server"], {
        cwd: repo,
        env: {},
      });
      (async () => {
        for await (const _ of child.stderr);
      })();
      const received: Message[] = [];
      const rpc = new RpcConnection(
        { incoming: child.stdout, send: child.write },
        {
          notification: (message) => received.push(message),
          request: (message) => received.push(message),
          stray: () => {},
        },
      );
      stack.defer(async () => {
        await child.closeInput();
        await child.ended;
      });
      const call = (method: string, params: unknown = {}) =>
        rpc.request<Message["result"]>(method, params, 20_000);
      return {
        rpc,
        received,
        call,
        async initialize(experimental = false) {
          const answer = await call("initialize", {
            clientInfo: { name: "test", title: "test", version: "1" },
            capabilities: {
              experimentalApi: experimental,
              requestAttestation: false,
            },
          });
          rpc.notify("initialized");
          return answer;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await stack.disposeAsync();
      await server.close();
      await home.dispose();
    },
  };
}

/** A script that runs `codex` as if it had been started in this home. */
export function inHome(home: Home, codex: string): string {
  const path = join(home.home, `codex-${crypto.randomUUID()}`);
  const exports = Object.entries(home.env)
    .map(([name, value]) => `export ${name}='${value}'`).join("\n");
  Deno.writeTextFileSync(
    path,
    `#!/bin/sh\n${exports}\nunset CODEX_HOME\nexec '${codex}' "$@"\n`,
    { mode: 0o755 },
  );
  return path;
}

/** Waits for an event of the turn and returns it. */
export async function eventOf(
  turn: StartedTurn,
  type: string,
  fits: (event: StartedTurn["events"][number]) => boolean = () => true,
): Promise<StartedTurn["events"][number]> {
  const find = () =>
    turn.events.find((event) => event.type === type && fits(event));
  await until(() => find() !== undefined, `the event ${type}`);
  return find()!;
}

/** The message that was sent for `method`. */
export const sentFor = (turn: StartedTurn, method: string): Message =>
  turn.sent.find((message) => message.method === method) ?? {};
