/**
 * Children that a library starts and hides: Node's diagnostics channel reports each one,
 * so that their output can be read with limits, which the library lacks.
 */
import { channel } from "node:diagnostics_channel";
import type { Readable } from "node:stream";

/** The output of another module's child. */
export interface HiddenChild {
  stdout: Readable;
  stderr: Readable;
}

/** Calls `start`, which starts a child before it returns; null where it could not. */
export function childStartedBy<T>(
  start: () => T,
): { returned: T; child: HiddenChild | null } {
  const children: Partial<HiddenChild>[] = [];
  const note = (message: unknown) => {
    children.push((message as { process: Partial<HiddenChild> }).process);
  };
  const started = channel("child_process");
  started.subscribe(note);
  try {
    const returned = start();
    // The channel reports before streams exist; a child that could not be made gets none.
    const { stdout, stderr } = children[0] ?? {};
    return { returned, child: stdout && stderr ? { stdout, stderr } : null };
  } finally {
    started.unsubscribe(note);
  }
}

/**
 * Reads one of its streams as text instead of the previous listener, which still sees its
 * end. What is not UTF-8 becomes U+FFFD.
 */
export function takeOver(stream: Readable): AsyncIterable<string> {
  stream.removeAllListeners("data");
  return decoded(stream);
}

async function* decoded(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    yield decoder.decode(bytes, { stream: true });
  }
  yield decoder.decode();
}
