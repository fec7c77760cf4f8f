/** Standard output and error: whole writes, and a reader that left is not a crash. */
import { readEnv } from "./env.ts";
import { writeAllSync } from "./files.ts";

/** Thrown when the reader of stdout has gone; the entry turns it into a quiet exit. */
export class ReaderGone extends Error {
  override name = "ReaderGone";
}

/** How often a full non-blocking pipe is tried again before giving up, 5 ms apart. */
const FULL_PIPE_TRIES = 2000;

function patient(stream: { writeSync(bytes: Uint8Array): number }) {
  return {
    writeSync(bytes: Uint8Array): number {
      for (let tries = 0;; tries++) {
        try {
          return stream.writeSync(bytes);
        } catch (error) {
          if (error instanceof Deno.errors.BrokenPipe) {
            throw new ReaderGone("The reader has left");
          }
          if (
            !(error instanceof Deno.errors.WouldBlock) ||
            tries >= FULL_PIPE_TRIES
          ) {
            throw error;
          }
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        }
      }
    },
  };
}

/**
 * Writes text or bytes to stdout.
 * @throws {ReaderGone} when the reader has left
 */
export function writeStdout(content: string | Uint8Array): void {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  writeAllSync(patient(Deno.stdout), bytes);
}

/** Writes text or bytes to stderr; a closed stderr is ignored. */
export function writeStderr(content: string | Uint8Array): void {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  try {
    writeAllSync(patient(Deno.stderr), bytes);
  } catch {
    // There is nowhere to report it.
  }
}

/** Whether a person reads stdout. */
export const stdoutIsTerminal = (): boolean => Deno.stdout.isTerminal();

/** Whether a person reads stderr. */
export const stderrIsTerminal = (): boolean => Deno.stderr.isTerminal();

/** Whether a person types into stdin. */
export const stdinIsTerminal = (): boolean => Deno.stdin.isTerminal();

/** The lines of stdin as they are typed, to its end. */
export async function* stdinLines(): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of Deno.stdin.readable) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/** All of standard input, as bytes; null where it has more than `most`: the rest is not read then. */
export async function readStdin(most: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const piece of Deno.stdin.readable) {
    pieces.push(piece);
    size += piece.length;
    if (size > most) return null;
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/**
 * The caller's standard input, when it might contain data: a pipe or a file with content.
 * Never reads: the data might be meant for another program. Whether a pipe has any cannot
 * be known without reading it.
 *
 * The launcher checks it and reports it in CODEX_SERVER_STDIN at no cost; Node's fstat
 * loads a part of Deno that takes a third of its start-up time.
 */
export async function stdinGiven(): Promise<"pipe" | "file" | null> {
  if (Deno.stdin.isTerminal()) return null;
  const told = readEnv("CODEX_SERVER_STDIN");
  if (told) return told === "pipe" || told === "file" ? told : null;
  const { fstatSync } = await import("node:fs");
  try {
    const info = fstatSync(0);
    return info.isFIFO()
      ? "pipe"
      : info.isFile() && info.size > 0
      ? "file"
      : null;
  } catch {
    return null; // stdin is closed
  }
}

/** How wide the terminal is, in columns; 80 where unknown. */
export function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}
