/** The files that a patch of codex's touches, in our words. Pure. */
import { countLines, wholeFileHunk } from "../domain/hunks.ts";
import type { FileChange } from "../events/thread_event.ts";

/** The changes of a fileChange item: what is done to which file, and to how many lines. */
export const changesOf = (changes: unknown): FileChange[] =>
  diffsOf(changes).map(({ diff: _whole, ...change }) => change);

/** The same with the hunks of each file, for somebody who has to decide on them. */
export function diffsOf(changes: unknown): FileChange[] {
  return (Array.isArray(changes) ? changes : []).map((change) => {
    const kind = (text(change?.kind?.type) || "update") as FileChange["kind"];
    const movePath = text(change?.kind?.move_path);
    const found = { path: text(change?.path), kind };
    const moved = movePath === "" ? {} : { move_path: movePath };
    if (typeof change?.diff !== "string") return { ...found, ...moved };
    const diff = hunksOf(change.diff, kind, movePath);
    return { ...found, ...moved, ...countLines(diff), diff };
  });
}

/**
 * Codex gives the whole content of a file that is added or deleted, and hunks of one that
 * is updated, followed by a sentence where it is moved as well.
 */
function hunksOf(
  diff: string,
  kind: FileChange["kind"],
  movePath: string,
): string {
  if (kind === "add") return wholeFileHunk(diff, "+");
  if (kind === "delete") return wholeFileHunk(diff, "-");
  const sentence = `\n\nMoved to: ${movePath}`;
  return movePath !== "" && diff.endsWith(sentence)
    ? diff.slice(0, -sentence.length)
    : diff;
}

const text = (value: unknown): string => typeof value === "string" ? value : "";
