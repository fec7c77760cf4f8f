/** Standard output and error: whole writes, and a reader that left is not a crash. */
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

/** Writes text or bytes to stderr; a closed stderr is nobody's problem. */
export function writeStderr(content: string | Uint8Array): void {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  try {
    writeAllSync(patient(Deno.stderr), bytes);
  } catch {
    // There is nowhere left to say it.
  }
}

/** Whether a person reads stdout. */
export const stdoutIsTerminal = (): boolean => Deno.stdout.isTerminal();

/** Whether a person reads stderr. */
export const stderrIsTerminal = (): boolean => Deno.stderr.isTerminal();

/** All of standard input, as bytes. */
export async function readStdin(): Promise<Uint8Array> {
  return new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
}
