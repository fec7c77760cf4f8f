/** The command line and the worker as other circumstances run them: fewer rights, no disk, another clock. */
import { workerPermissions } from "../../assets/lib/commands/worker_permissions.ts";
import type { TurnMeta } from "../../assets/lib/turns/meta.ts";
import { prepareRoot } from "../../assets/lib/turns/root.ts";
import {
  CHAT,
  type Lab,
  type Ran,
  ranOf,
  ROOT,
  seedPermissions,
} from "../lab.ts";
import { makeTurn } from "../turns/state_home.ts";

/** What a command left, and how long it took. */
export interface Timed extends Ran {
  ms: number;
}

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** More flags for Deno, e.g. a module to load first. */
  deno?: string[];
  /** Words to put before the command: what runs it. */
  under?: string[];
}

/** `codex-server ARGS…` under exactly the documented permissions, as the words of a command. */
export const chatCommand = (
  lab: Lab,
  args: string[],
  deno: string[] = [],
): string[] => [
  Deno.execPath(),
  "run",
  "-q",
  "--no-prompt",
  ...deno,
  ...seedPermissions(lab.codex),
  CHAT,
  ...args,
];

/** Runs a command in the lab's environment to its end. */
export async function runIn(
  lab: Lab,
  command: string[],
  { cwd = lab.repo, env }: CommandOptions = {},
): Promise<Timed> {
  const started = performance.now();
  const output = new Deno.Command(command[0]!, {
    args: command.slice(1),
    cwd,
    clearEnv: true,
    env: { ...lab.env, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // Nothing here takes so long; what hangs shall fail its test.
    signal: AbortSignal.timeout(240_000),
  }).output();
  return { ...await ranOf(output), ms: performance.now() - started };
}

/** Runs `codex-server ARGS…` to its end. */
export const chatIn = (
  lab: Lab,
  args: string[],
  { under = [], deno, ...options }: CommandOptions = {},
): Promise<Timed> =>
  runIn(lab, [...under, ...chatCommand(lab, args, deno)], options);

/** To put before a command: file modes bind it although root runs it. */
export const BOUND_BY_MODES: string[] = Deno.uid() === 0
  ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"]
  : [];

/** To put before a command: `paths` are read-only for it and for whatever it starts. */
export const withReadOnly = (...paths: string[]): string[] => [
  "unshare",
  "-m",
  "sh",
  "-c",
  `${
    paths.map((path) =>
      `mount --bind '${path}' '${path}' && mount -o remount,ro,bind '${path}' && `
    ).join("")
  }exec "$@"`,
  "sh",
];

/** To put before a command: the file mode creation mask is `mask`. */
export const withUmask = (mask: string): string[] => [
  ...["sh", "-c", `umask ${mask} && exec "$@"`, "sh"],
];

/** A turn as `new` makes it, without a worker. */
export function turnWithoutWorker(
  lab: Lab,
  prompt: string,
  change: Partial<TurnMeta> = {},
): string {
  const before = Deno.env.get("HOME")!;
  Deno.env.set("HOME", lab.home.home);
  try {
    prepareRoot();
    const meta = { cwd: lab.repo, codex_path: lab.codex, ...change };
    return makeTurn(meta, { prompt }).turnId;
  } finally {
    Deno.env.set("HOME", before);
  }
}

/** The worker of a turn as `new` starts it, as the words of a command. */
export function workerCommand(
  lab: Lab,
  turnId: string,
  deno: string[] = [],
): string[] {
  const script = `${ROOT}/assets/lib/worker.ts`;
  return [
    Deno.execPath(),
    "run",
    "-q",
    "--no-prompt",
    ...deno,
    ...workerPermissions(script, lab.codex),
    script,
    turnId,
  ];
}
