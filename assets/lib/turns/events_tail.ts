/** The last events of a turn, without reading the whole file. */
import { parseEvents } from "../events/jsonl.ts";
import type { StoredEvent } from "../events/thread_event.ts";
import { readRange, statIfExists } from "../system/files.ts";

/** How much of the end of events.jsonl is read at first, in bytes. */
const TAIL_BYTES = 64 * 1024;

/**
 * The last whole events in `path`, oldest first, at least one where there is one; none
 * where the file is missing.
 */
export function lastEvents(path: string): StoredEvent[] {
  const size = statIfExists(path)?.size;
  if (size === undefined) return [];
  // A single line can be longer than any tail: the output of a command that ended.
  for (let length = TAIL_BYTES;; length *= 16) {
    const events = eventsFrom(path, Math.max(0, size - length), size);
    if (events.length > 0 || length >= size) return events;
  }
}

function eventsFrom(path: string, from: number, size: number): StoredEvent[] {
  const text = new TextDecoder().decode(readRange(path, from, size));
  // The first line of a tail is cut unless the tail is the whole file.
  return parseEvents(from === 0 ? text : text.slice(text.indexOf("\n") + 1));
}
