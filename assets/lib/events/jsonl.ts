/** Lines of JSON, however they were cut on the way. */
import type { StoredEvent } from "./thread_event.ts";

/** The event that a line holds, or null where it is not a JSON object with a `type`. */
export function parseEventLine(line: string): StoredEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return null;
    return typeof (value as { type?: unknown }).type === "string"
      ? value as StoredEvent
      : null;
  } catch {
    return null;
  }
}

/** Cuts a stream of text into lines; what has no newline yet waits for the next push. */
export class LineSplitter {
  #rest = "";

  /** The lines that `text` completes, without their ends (LF or CRLF). */
  push(text: string): string[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.map((line) => line.endsWith("\r") ? line.slice(0, -1) : line);
  }

  /** The unfinished last line, which a reader passes over. */
  get rest(): string {
    return this.#rest;
  }
}

/** Every whole, well-formed event line of `text`; a partial last line is passed over. */
export function parseEvents(text: string): StoredEvent[] {
  return new LineSplitter().push(text).flatMap((line) =>
    parseEventLine(line) ?? []
  );
}
