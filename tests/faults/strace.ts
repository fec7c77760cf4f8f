/**
 * Faults at the system calls of one program: it is killed at a call, or the call fails.
 * The product has no hooks for that; `strace` injects what a kernel could do.
 */
import { ranOf } from "../lab.ts";

/** A system call of a traced program: the `when`-th of its name in its thread. */
export interface Call {
  name: string;
  /** From 1, as strace counts: per thread and name. */
  when: number;
  /** The whole line of strace's log. */
  line: string;
}

/** How a traced program ended. */
export interface Traced {
  code: number;
  /** The signal that ended it. */
  signal: Deno.Signal | null;
  stdout: string;
  stderr: string;
  /** Strace's log: its calls of the kinds that were asked for. */
  log: string;
}

/** What a call does to files, to its pipes, or to processes. */
const CHANGING =
  "openat,write,rename,linkat,mkdir,chmod,fdatasync,fsync,flock,unlink," +
  "unlinkat,rmdir,symlink,utimensat,clone,clone3";

/** Strace itself, whatever PATH the traced program gets. */
const STRACE = Deno.env.get("PATH")?.split(":").map((dir) => `${dir}/strace`)
  .find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  }) ?? "strace";

export interface TraceOptions {
  cwd: string;
  env: Record<string, string>;
  /** An injection, e.g. `rename:signal=SIGKILL:when=1`. */
  inject?: string | undefined;
  /** More of strace's options. */
  options?: string[];
}

/**
 * Runs `command` under strace. What it executes in its turn (a worker, codex, a guardian)
 * is let go: it runs untraced and unharmed.
 */
export async function traced(
  command: string[],
  { cwd, env, inject, options = [] }: TraceOptions,
): Promise<Traced> {
  const log = await Deno.makeTempFile({ prefix: "strace-" });
  try {
    const child = new Deno.Command(STRACE, {
      args: [
        ...["-f", "-b", "execve", "-y", "-qq", "-o", log],
        ...["-e", `trace=${CHANGING}`],
        ...(inject === undefined ? [] : ["-e", `inject=${inject}`]),
        ...options,
        ...command,
      ],
      cwd,
      clearEnv: true,
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
    const output = child.output();
    return {
      ...await ranOf(output),
      signal: (await output).signal,
      log: await Deno.readTextFile(log),
    };
  } finally {
    await Deno.remove(log);
  }
}

/** The calls of a log that change something below `dir`, write to a pipe, or start a process. */
export function changingCalls(log: string, dir: string): Call[] {
  const counts = new Map<string, number>();
  const found = new Map<string, Call>();
  for (const line of log.split("\n")) {
    const parts = line.match(/^(\d+) +(\w+)\((.*)/);
    if (!parts) continue; // how a call ended, or a thread
    const [thread, name, rest] = parts.slice(1) as [string, string, string];
    const when = (counts.get(`${thread} ${name}`) ?? 0) + 1;
    counts.set(`${thread} ${name}`, when);
    if (changes(name, rest, dir)) {
      found.set(`${name} ${when}`, { name, when, line });
    }
  }
  return [...found.values()];
}

function changes(name: string, rest: string, dir: string): boolean {
  const below = rest.replace(/^AT_FDCWD<[^>]*>/, "").includes(`${dir}/`);
  switch (name) {
    case "openat":
      return below && rest.includes("O_CREAT");
    case "clone":
    case "clone3":
      return !rest.includes("CLONE_THREAD");
    case "write":
      return below || /^\d+<(pipe|UNIX|socket)/.test(rest);
    default:
      return below;
  }
}

/** The injection that kills at a call. */
export const killAt = ({ name, when }: Pick<Call, "name" | "when">): string =>
  `${name}:signal=SIGKILL:when=${when}`;
