/**
 * The history of a thread: its session file and, where that begins with a `history_base`,
 * what it continues. A fork continues its parent; a thread whose last messages were
 * rolled back continues itself up to there. Rolled-back messages are not part of it.
 */
import { isPacked, openRollout, type RolloutBytes } from "./rollout_file.ts";
import { findPart } from "./sessions.ts";

/** A stretch of history: the bytes of a file up to `size`. */
export type Stretch = RolloutBytes;

/** A fork of a fork of …: more than this must be a cycle. */
const MAX_STRETCHES = 1000;
/** Nearly every first line fits in this; of a longer one no base is read. */
const LINE_BYTES = 1 << 20;

/**
 * The stretches of the thread in `path`, the newest first. One that is missing ends it.
 * @throws {Error} where the file itself cannot be read or unpacked
 */
export function* historyOf(path: string): Generator<Stretch> {
  let file: string | null = path;
  let end = Infinity;
  for (let n = 0; file !== null && n < MAX_STRETCHES; n++) {
    const { size, range } = openRollout(file);
    const stretch = { size: Math.min(size, end), range };
    yield stretch;
    const base = baseOf(stretch);
    if (base === null) return;
    end = base.end;
    try {
      file = findPart(base.part);
      if (file !== null && isPacked(file)) openRollout(file);
    } catch {
      return; // it exists but cannot be read: only the later history is left
    }
  }
}

/** What a stretch continues, by the `history_base` of its first line. */
function baseOf(
  { size, range }: Stretch,
): { part: string; end: number } | null {
  const text = new TextDecoder().decode(range(0, Math.min(size, LINE_BYTES)));
  const line = text.slice(0, text.indexOf("\n") + 1 || undefined);
  if (!line.includes('"history_base"')) return null;
  try {
    const { thread_id: part, end_byte_offset: end } =
      JSON.parse(line).payload.history_base;
    return typeof part === "string" && typeof end === "number"
      ? { part, end }
      : null;
  } catch {
    return null;
  }
}
