/** The `codex app-server` process of one turn: started, initialized, always ended. */
import { sleep } from "../system/clock.ts";
import {
  makeNote,
  NOTED_EXEC,
  notedExecEnv,
  startGuardian,
} from "../system/guardian.ts";
import { spawnTalking } from "../system/spawn.ts";
import { Tail } from "../system/tail.ts";
import { VERSION } from "../version.ts";
import { SECRET_NAMES } from "./child_env.ts";
import {
  type EngineContext,
  EngineFailure,
  type TurnRequest,
} from "./engine.ts";
import { isConfigTrouble } from "./failure.ts";
import { RpcConnection, type RpcHandlers } from "./rpc.ts";
import { splitConfig } from "./thread_config.ts";

/** This codex cannot be driven over its app-server; no turn has been started. */
export class HandshakeFailed extends EngineFailure {
  override name = "HandshakeFailed";
  constructor(reason: string) {
    super(
      "handshake_failed",
      `The app-server of codex does not answer: ${reason}`,
    );
  }
}

/** A process after the handshake. */
export interface AppServerProcess {
  rpc: RpcConnection;
  /** How the process ended: in good order or not, and a sentence with the end of its stderr. */
  howItEnded(): Promise<{ well: boolean; message: string }>;
  /** Ends the process and everything that it started; true if it ended by itself. */
  close(
    options: {
      /** Without giving it time to end by itself. */
      atOnce: boolean;
    },
  ): Promise<boolean>;
}

/** How long the handshake may take, in ms: many times what a slow machine needs. */
const HANDSHAKE_MS = 60_000;
/** How long codex may take to end once its input is closed, in ms. */
const LINGER_MS = 1200;
/** How long to wait for its end after that, in ms. */
const END_MS = 3000;

/** Turns off apps and plugins; MCP servers are turned off by name when the thread opens. */
const LEAN = ["features.apps=false", "features.plugins=false"];

/**
 * Starts the app-server under a guardian and shakes hands.
 * @throws {HandshakeFailed}
 * @throws {EngineFailure} when the turn was stopped before: nothing was started then
 */
export async function startAppServer(
  request: TurnRequest,
  { codexPath, scratchDir, log, trace, signal }: EngineContext,
  handlers: Pick<RpcHandlers, "notification" | "request" | "heard">,
): Promise<AppServerProcess> {
  if (signal.aborted) {
    throw new EngineFailure("cancelled", "It was stopped before codex started");
  }
  const notePath = `${scratchDir}/codex.pid`;
  makeNote(notePath);
  const { argv } = await splitConfig(request.config);
  const overrides = [...(request.lean ? LEAN : []), ...argv];
  const child = spawnTalking(
    NOTED_EXEC,
    ["app-server", ...overrides.flatMap((override) => ["-c", override])],
    {
      cwd: request.cwd,
      env: notedExecEnv(codexPath, notePath, SECRET_NAMES),
    },
  );
  // After codex, which takes longer to start: if we die in between, its closed input ends
  // it.
  const guardian = startGuardian(notePath, "TERM");
  const stderr = new Tail(child.stderr);
  const rpc = new RpcConnection({ incoming: child.stdout, send: child.write }, {
    ...handlers,
    stray: (line) => log(`codex wrote a line that is no message: ${line}`),
    ...(trace ? { trace } : {}),
  });

  const howItEnded = async () => {
    const { code, signal } = await child.ended;
    const how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
    const said = await stderr.text();
    const message = `codex app-server ${how}${said ? `: ${said}` : ""}`;
    return { well: code === 0, message };
  };
  const close = async ({ atOnce }: { atOnce: boolean }) => {
    // Not awaited: a codex that no longer reads has unread input before it.
    child.closeInput();
    const ended = child.ended.then(() => true);
    const alone = !atOnce &&
      await Promise.race([ended, sleep(LINGER_MS).then(() => false)]);
    if (!alone) await guardian.stop();
    await Promise.race([ended, sleep(END_MS)]);
    await guardian.release();
    return alone;
  };
  const stop = () => guardian.stop();
  signal.addEventListener("abort", stop);
  try {
    await rpc.request("initialize", {
      clientInfo: {
        name: "codex-server",
        title: "codex-server",
        version: VERSION,
      },
      capabilities: {
        experimentalApi: request.experimental,
        requestAttestation: false,
      },
    }, HANDSHAKE_MS);
    rpc.notify("initialized");
  } catch (error) {
    const alone = await Promise.race([child.ended, sleep(100)]);
    await close({ atOnce: true });
    const how = alone ? (await howItEnded()).message : (error as Error).message;
    // Another way to start it would fail too.
    if (isConfigTrouble(how)) throw new EngineFailure("bad_config", how);
    throw new HandshakeFailed(how);
  } finally {
    signal.removeEventListener("abort", stop);
  }
  return { rpc, howItEnded, close };
}
