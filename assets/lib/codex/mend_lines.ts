/**
 * The lines of `codex exec` as the SDK hands them on. It reads them with node's readline,
 * which takes U+2028 and U+2029 for line ends too; codex writes both as they are inside
 * of its JSON, so that an event whose text holds one comes in pieces.
 */
import { parseEventLine } from "../events/jsonl.ts";

/** The separator that pieces are joined with: which of the two it was is lost. */
const SEPARATOR = "\u2028";
/** More pieces than any event has: they were none. */
const MAX_PIECES = 10_000;

/**
 * Yields every line that is an event, pieces put together again.
 * @param stray is told of every other line that is not blank
 */
export async function* eventLines(
  lines: AsyncIterable<string>,
  stray: (line: string) => void,
): AsyncGenerator<string> {
  /** What may be the beginning of an event. No piece of one is an event by itself: its quotes are escaped. */
  let pieces: string[] = [];
  const giveUp = () => {
    for (const piece of pieces) if (piece.trim() !== "") stray(piece);
    pieces = [];
  };
  for await (const line of lines) {
    if (parseEventLine(line)) {
      giveUp();
      yield line;
      continue;
    }
    pieces.push(line);
    if (!pieces[0]!.startsWith("{") || pieces.length > MAX_PIECES) giveUp();
    else if (line.endsWith("}")) {
      const whole = pieces.join(SEPARATOR);
      if (!parseEventLine(whole)) continue;
      pieces = [];
      yield whole;
    }
  }
  giveUp();
}
