/** The last events of a turn, without reading the whole file. */
import { parseEvents } from "../events/jsonl.ts";
import type { StoredEvent } from "../events/thread_event.ts";
import { readRange, statIfExists } from "../system/files.ts";

/** How much of the end of events.jsonl a look takes in, in bytes. */
const TAIL_BYTES = 64 * 1024;

/**
 * The last whole events in `path`, oldest first; none where the file is missing. A line
 * longer than the tail is passed over.
 */
export function lastEvents(path: string): StoredEvent[] {
  const size = statIfExists(path)?.size;
  if (size === undefined) return [];
  const from = Math.max(0, size - TAIL_BYTES);
  const text = new TextDecoder().decode(readRange(path, from, size));
  // The first line of a tail is cut unless the tail is the whole file.
  return parseEvents(from === 0 ? text : text.slice(text.indexOf("\n") + 1));
}
