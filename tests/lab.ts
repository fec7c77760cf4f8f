/** A user's machine in miniature: the loopback model, a home, a repository, and the command line as people type it. */
import { fromFileUrl, join } from "@std/path";
import { fingerprintOf } from "../assets/lib/codex/install_config.ts";
import { isLockHeld } from "../assets/lib/system/lock.ts";
import { type TurnPaths, turnPaths } from "../assets/lib/turns/layout.ts";
import { CODEX_VERSION, findCodex } from "./loopback/codex_binary.ts";
import {
  createHome,
  createRepo,
  type Home,
  type HomeOptions,
} from "./loopback/home.ts";
import { type ModelServer, startModelServer } from "./loopback/model_server.ts";
import type { Play } from "./loopback/play.ts";

/** Root of the checkout. */
export const ROOT = fromFileUrl(new URL("..", import.meta.url)).replace(
  /[\\/]$/,
  "",
);
export const CHAT = join(ROOT, "assets/lib/chat.ts");

/** What a command line left. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** The output of a command with piped streams, as text. */
export async function ranOf(
  output: Promise<Deno.CommandOutput>,
): Promise<Ran> {
  const { code, stdout, stderr } = await output;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  stdin?: string | Uint8Array;
}

export interface LabOptions extends Omit<HomeOptions, "modelUrl"> {
  play?: Play;
  /** How many turns run at once. */
  maxConcurrent?: number;
  /** The codex to pin; the real one unless given. */
  codex?: string;
}

export interface Lab extends AsyncDisposable {
  server: ModelServer;
  home: Home;
  repo: string;
  codex: string;
  /** The environment of every command line. */
  env: Record<string, string>;
  /** Runs `codex-server ARGS…` as a subprocess under exactly the documented permissions. */
  chat(args: string[], options?: RunOptions): Promise<Ran>;
  /** Starts it and leaves it running. */
  spawn(args: string[], options?: RunOptions): Deno.ChildProcess;
  /** Starts a turn with `new` and returns its id. */
  start(prompt: string, ...flags: string[]): Promise<string>;
  /** Starts a turn and waits for its end and its worker's. */
  run(prompt: string, ...flags: string[]): Promise<string>;
  /** The JSON document that a command prints. */
  // deno-lint-ignore no-explicit-any
  json(...args: string[]): Promise<any>;
  turn(turnId: string): TurnPaths;
  /** The parsed result.json of a turn. */
  // deno-lint-ignore no-explicit-any
  result(turnId: string): any;
  /** All turn ids, oldest first. */
  turnIds(): string[];
}

/** The permissions that SKILL.md documents for chat.ts. */
export const seedPermissions = (codex: string): string[] => [
  "--allow-read",
  "--allow-write",
  "--allow-env=PATH,HOME,USERPROFILE",
  `--allow-run=${codex},${Deno.execPath()},kill`,
  "--allow-net=api.openai.com",
];

/** Opens a lab; disposing of it ends its turns and removes everything. */
export async function openLab(options: LabOptions = {}): Promise<Lab> {
  const { play, maxConcurrent = 16, ...homeOptions } = options;
  const codex = options.codex ?? await findCodex();
  const server = await startModelServer(play ? { play } : {});
  const home = await createHome({ ...homeOptions, modelUrl: server.url });
  const repo = await createRepo(home);
  pinCodex(home.home, codex, {
    maxConcurrent,
    appServer: options.codex === undefined,
  });
  const turnsDir = join(home.home, ".codex-server/turns");
  const env = home.env;

  const spawn = (
    args: string[],
    { cwd = repo, env: more, stdin }: RunOptions = {},
  ) =>
    new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-q",
        "--no-prompt",
        ...seedPermissions(codex),
        CHAT,
        ...args,
      ],
      cwd,
      clearEnv: true,
      env: { ...env, ...more },
      stdin: stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();

  const chat = async (
    args: string[],
    runOptions: RunOptions = {},
  ): Promise<Ran> => {
    const child = spawn(args, runOptions);
    const fed = feed(child, runOptions.stdin);
    const ran = await ranOf(child.output());
    await fed;
    return ran;
  };

  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await chat(args);
    if (stdout === "") {
      throw new Error(
        `${args.join(" ")} printed nothing (exit ${code}): ${stderr}`,
      );
    }
    return JSON.parse(stdout);
  };

  const turn = (turnId: string) => turnPaths(join(turnsDir, turnId));
  const turnIds = () => {
    try {
      return Array.from(Deno.readDirSync(turnsDir), ({ name }) => name)
        .filter((name) => !name.startsWith(".")).sort();
    } catch {
      return [];
    }
  };
  const start = async (prompt: string, ...flags: string[]): Promise<string> =>
    (await json("new", ...flags, "--", prompt)).turn_id;

  return {
    server,
    home,
    repo,
    codex,
    env,
    chat,
    spawn,
    json,
    start,
    run: async (prompt, ...flags) => {
      const turnId = await start(prompt, ...flags);
      await chat(["wait", turnId]);
      await until(() => !isLockHeld(turn(turnId).lock), "the worker to go");
      return turnId;
    },
    turn,
    result: (turnId) => JSON.parse(Deno.readTextFileSync(turn(turnId).result)),
    turnIds,
    async [Symbol.asyncDispose]() {
      for (const turnId of turnIds()) {
        if (!isLockHeld(turn(turnId).lock)) continue;
        try {
          Deno.writeTextFileSync(join(turn(turnId).control, "cancel"), "");
        } catch {
          // The turn has just gone by itself.
        }
        await until(
          () => !isLockHeld(turn(turnId).lock),
          `the worker of ${turnId} to end`,
        );
      }
      await server.close();
      await home.dispose();
    },
  };
}

async function feed(
  child: Deno.ChildProcess,
  stdin: RunOptions["stdin"],
): Promise<void> {
  if (stdin === undefined) return;
  const writer = child.stdin.getWriter();
  try {
    await writer.write(
      typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin,
    );
    await writer.close();
  } catch {
    // The command did not want its input; its exit code tells.
  }
}

/** What setup would have found about a codex. */
export interface PinOptions {
  maxConcurrent?: number;
  /** It can be driven over its app-server; a fake that only plays `exec` cannot. */
  appServer?: boolean;
}

/** Writes the config.json that setup would write for this codex. */
export function pinCodex(
  home: string,
  codex: string,
  { maxConcurrent = 16, appServer = true }: PinOptions = {},
): void {
  const root = join(home, ".codex-server");
  Deno.mkdirSync(root, { recursive: true, mode: 0o700 });
  Deno.writeTextFileSync(
    join(root, "config.json"),
    JSON.stringify({
      schema_version: 1,
      library_version: "1.0.0",
      codex_path: codex,
      codex_version: CODEX_VERSION,
      codex_fingerprint: fingerprintOf(Deno.statSync(codex)),
      codex_sha256: "",
      app_server: { ok: appServer, said: "pinned by a test" },
      max_concurrent: maxConcurrent,
      set_up_at: new Date().toISOString(),
    }),
    { mode: 0o600 },
  );
}

/**
 * The ceiling for what must not wait for a turn that goes on for a minute or more, in ms.
 * It tells "at once" from "at the end of the turn" on a machine of any speed.
 */
export const SOON_MS = 20_000;

/** Asserts that something did not wait for the turn. */
export function assertSoon(elapsedMs: number, what: string): void {
  if (elapsedMs < SOON_MS) return;
  throw new Error(`${what} took ${Math.round(elapsedMs)} ms`);
}

/** Waits for a condition, never for a time; fails with `what` after `limitMs`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 180_000,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) {
      throw new Error(`Waited ${limitMs} ms in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whether a process with this pid exists and is not a zombie (Linux). */
export function isAlive(pid: number): boolean {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

/** Pids of all processes whose environment or command line names `text` (Linux). */
export function processesOf(text: string): { pid: number; command: string }[] {
  const found: { pid: number; command: string }[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
    try {
      const command = Deno.readTextFileSync(`/proc/${name}/cmdline`).replaceAll(
        "\0",
        " ",
      );
      const environment = Deno.readTextFileSync(`/proc/${name}/environ`);
      if (
        (command.includes(text) || environment.includes(text)) &&
        isAlive(Number(name))
      ) {
        found.push({ pid: Number(name), command });
      }
    } catch {
      // It has ended while we looked.
    }
  }
  return found;
}
