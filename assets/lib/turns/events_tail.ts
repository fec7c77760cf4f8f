/** The last events of a turn, without reading the whole file. */
import { parseEvents } from "../events/jsonl.ts";
import type { StoredEvent } from "../events/thread_event.ts";

/** How much of the end of events.jsonl a look takes in, in bytes. */
const TAIL_BYTES = 64 * 1024;

/**
 * The last whole events in `path`, oldest first; none where the file is missing. A line
 * longer than the tail is passed over.
 */
export function lastEvents(path: string): StoredEvent[] {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  using open = file;
  const size = open.statSync().size;
  const from = Math.max(0, size - TAIL_BYTES);
  open.seekSync(from, Deno.SeekMode.Start);
  const bytes = new Uint8Array(size - from);
  let read = 0;
  while (read < bytes.length) {
    const n = open.readSync(bytes.subarray(read));
    if (n === null) break;
    read += n;
  }
  const text = new TextDecoder().decode(bytes.subarray(0, read));
  // The first line of a tail is cut unless the tail is the whole file.
  return parseEvents(from === 0 ? text : text.slice(text.indexOf("\n") + 1));
}
