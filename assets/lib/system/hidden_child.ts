/**
 * Children that a library starts and keeps to itself: Node's diagnostics channel tells of
 * each one, so that their output can be read with care although the library has none.
 */
import { channel } from "node:diagnostics_channel";
import type { Readable } from "node:stream";

/** The output of a child of somebody else. */
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
    // The channel tells before there are streams; a child that could not be made gets none.
    const { stdout, stderr } = children[0] ?? {};
    return { returned, child: stdout && stderr ? { stdout, stderr } : null };
  } finally {
    started.unsubscribe(note);
  }
}

/**
 * Reads one of its streams as text instead of whoever listened to it before, who still
 * sees its end. What is not UTF-8 becomes U+FFFD.
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
