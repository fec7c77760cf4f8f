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
  /** The pieces of the unfinished line; joined once, or a long line would cost its square. */
  #pieces: string[] = [];
  #length = 0;

  /** The lines that `text` completes, without their ends (LF or CRLF). */
  push(text: string): string[] {
    const lines = text.split("\n");
    const rest = lines.pop() ?? "";
    if (lines.length > 0) {
      lines[0] = [...this.#pieces, lines[0]].join("");
      this.#pieces = [];
      this.#length = 0;
    }
    if (rest !== "") this.#pieces.push(rest);
    this.#length += rest.length;
    return lines.map((line) => line.endsWith("\r") ? line.slice(0, -1) : line);
  }

  /** How long the unfinished last line is, in characters; readers pass it over. */
  get restLength(): number {
    return this.#length;
  }
}

/** Every whole, well-formed event line of `text`; a partial last line is passed over. */
export function parseEvents(text: string): StoredEvent[] {
  return new LineSplitter().push(text).flatMap((line) =>
    parseEventLine(line) ?? []
  );
}
