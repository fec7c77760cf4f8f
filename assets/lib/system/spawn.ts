/** The only place that starts programs. */
import { monotonicMs, sleep, startTimer } from "./clock.ts";
import { writeStderr } from "./stdio.ts";

/**
 * Starts a program. Under a restricted `--allow-run` Deno refuses to pass any `LD_…` or
 * `DYLD_…` variable on; those that the caller has set are blanked then, as they must not
 * reach codex in any case.
 */
function spawn(
  command: string,
  options: Omit<Deno.CommandOptions, "env"> & { env?: Record<string, string> },
): Deno.ChildProcess {
  const env = { ...options.env };
  while (true) {
    try {
      return new Deno.Command(command, { ...options, env }).spawn();
    } catch (error) {
      const refused = error instanceof Deno.errors.NotCapable
        ? error.message.match(/\b(LD|DYLD)_\w+/g)?.filter((name) =>
          env[name] !== ""
        )
        : undefined;
      if (!refused || refused.length === 0) throw error;
      for (const name of refused) env[name] = "";
    }
  }
}

/** What a program that has ended said. */
export interface ProgramResult {
  /** Exit code; 128 + n for a program that a signal ended. */
  code: number;
  signal: string | null;
  stdout: string;
  stderr: string;
  /** It was ended by us, at the time limit. */
  timedOut: boolean;
  elapsedMs: number;
}

/** How a program is run. */
export interface RunOptions {
  cwd?: string;
  /** Added to the caller's environment; an empty value blanks a name. */
  env?: Record<string, string>;
  /** After this many milliseconds the program is killed. */
  timeoutMs: number;
}

/** How long to wait for the last output of a program that has ended, in ms. */
const REST_MS = 200;

/**
 * Runs a program to its end and collects what it prints. Its end counts, not that of its
 * streams: a child of its own can hold them open for ever.
 * @throws {Deno.errors.NotFound | Deno.errors.PermissionDenied | Error} when it cannot be started
 */
export async function runProgram(
  command: string,
  args: string[],
  { timeoutMs, ...options }: RunOptions,
): Promise<ProgramResult> {
  const started = monotonicMs();
  const child = spawn(command, {
    args,
    ...options,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const [stdout, stderr] = [child.stdout, child.stderr].map(collect);
  let timedOut = false;
  const stop = startTimer(timeoutMs, () => {
    timedOut = true;
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended at this moment.
    }
  });
  const { code, signal } = await child.status;
  stop();
  const elapsedMs = monotonicMs() - started;
  const rest = sleep(REST_MS);
  return {
    code,
    signal,
    stdout: await stdout!.within(rest),
    stderr: await stderr!.within(rest),
    timedOut,
    elapsedMs,
  };
}

/** Reads a stream; returns what has come when `rest` is over, and reads no more. */
function collect(stream: ReadableStream<Uint8Array>) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  const read = async () => {
    try {
      for (let next; !(next = await reader.read()).done;) {
        text += decoder.decode(next.value, { stream: true });
      }
    } catch {
      // The pipe broke with the program.
    }
  };
  const ended = read();
  return {
    async within(rest: Promise<void>): Promise<string> {
      await Promise.race([ended, rest]);
      reader.cancel().catch(() => {});
      return text + decoder.decode();
    },
  };
}

/**
 * Runs a program to its end while the user watches: its progress and its output go to
 * stderr, as stdout is for our answer. Returns its exit code.
 * @throws {Deno.errors.NotFound | Error} when it cannot be started
 */
export async function runVisibly(
  command: string,
  args: string[],
  { cwd }: { cwd: string },
): Promise<number> {
  const child = spawn(command, {
    args,
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  });
  for await (const bytes of child.stdout) writeStderr(bytes);
  return (await child.status).code;
}

/**
 * Starts a program that outlives us: its own session and process group, no terminal,
 * nothing of the caller's stdio, and nobody waits for it. The caller's environment is
 * passed on whole (Deno needs its cache and mirror names there).
 * @throws {Error} when the machine refuses (process limit, executable moved)
 */
export function spawnDetached(command: string, args: string[]): void {
  spawn(command, {
    args,
    cwd: "/",
    // Even if started by our codex, it is not part of that codex's turn; and the kind of
    // its caller's stdin says nothing about the stdin of what it starts.
    env: { CODEX_SERVER_NOTE: "", CODEX_SERVER_STDIN: "" },
    detached: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).unref();
}

/** A child that reads lines from us and lives until its stdin closes. */
export interface PipedChild {
  writeLine(line: string): Promise<void>;
  /** Closes its stdin. */
  close(): Promise<void>;
  readonly exited: Promise<void>;
}

/** Starts a program that is driven by lines on its stdin; its output is dropped. */
export function spawnPiped(
  command: string,
  args: string[],
  env: Record<string, string> = {},
): PipedChild {
  const child = spawn(command, {
    args,
    env,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  });
  const writer = child.stdin.getWriter();
  return {
    writeLine: (line) => writer.write(new TextEncoder().encode(line + "\n")),
    close: () => writer.close().catch(() => {}),
    exited: child.status.then(() => {}),
  };
}

/** A child that is talked to over its pipes. */
export interface TalkingChild {
  /** Its stdout as text, cut anywhere. */
  readonly stdout: AsyncIterable<string>;
  /** Its stderr as text, cut anywhere. */
  readonly stderr: AsyncIterable<string>;
  /** Writes to its stdin; rejects when the child has closed it. */
  write(text: string): Promise<void>;
  /** Closes its stdin. */
  closeInput(): Promise<void>;
  /** Ends it at once (SIGKILL). */
  kill(): void;
  /** How it ended. */
  readonly ended: Promise<{ code: number; signal: string | null }>;
}

/**
 * Starts a program with all three pipes held. The environment is the caller's, overridden
 * by `env`.
 * @throws {Deno.errors.NotFound | Deno.errors.PermissionDenied | Error} when it cannot be started
 */
export function spawnTalking(
  command: string,
  args: string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): TalkingChild {
  const child = spawn(command, {
    args,
    cwd,
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const writer = child.stdin.getWriter();
  const encoder = new TextEncoder();
  return {
    stdout: child.stdout.pipeThrough(new TextDecoderStream()),
    stderr: child.stderr.pipeThrough(new TextDecoderStream()),
    write: (text) => writer.write(encoder.encode(text)),
    closeInput: () => writer.close().catch(() => {}),
    kill: () => {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended already.
      }
    },
    ended: child.status.then(({ code, signal }) => ({ code, signal })),
  };
}
