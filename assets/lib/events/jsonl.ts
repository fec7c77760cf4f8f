/** Lines of JSON, however they were cut on the way. */
import type { StoredEvent } from "./thread_event.ts";

/** The event in a line, or null where it is not a JSON object with a `type`. */
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

/**
 * The longest line of codex, in characters. No event comes near; past this the turn
 * fails, as a line without an end would use up all memory.
 */
export const MAX_LINE: number = 64 << 20;

/** A line has no end, or is longer than the limit. */
export class LineTooLong extends Error {
  override name = "LineTooLong";
  constructor(limit: number) {
    super(`A line has more than ${limit} characters`);
  }
}

/** Cuts a stream of text into lines; what has no newline yet waits for the next push. */
export class LineSplitter {
  /** The pieces of the unfinished line; joined once, to avoid quadratic time. */
  #pieces: string[] = [];
  #length = 0;

  /** @param limit how many characters of a line are kept while it has no end */
  constructor(private readonly limit: number = Infinity) {}

  /**
   * The lines that `text` completes, without their ends (LF or CRLF).
   * @throws {LineTooLong}
   */
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
    if (this.#length > this.limit) throw new LineTooLong(this.limit);
    return lines.map((line) => line.endsWith("\r") ? line.slice(0, -1) : line);
  }

  /** The unfinished last line; readers of files ignore it. */
  get rest(): string {
    return this.#pieces.join("");
  }
}

/** Every whole, well-formed event line of `text`; a partial last line is ignored. */
export function parseEvents(text: string): StoredEvent[] {
  return new LineSplitter().push(text).flatMap((line) =>
    parseEventLine(line) ?? []
  );
}
