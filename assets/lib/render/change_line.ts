/** File changes in words: `add a.txt +2 −0, move b.txt → c.txt +1 −1`. Pure. */
import type { LineCount } from "../domain/hunks.ts";
import type { FileChange } from "../events/thread_event.ts";
import { oneLine } from "./one_line.ts";
import { relativePath } from "./relative_path.ts";

/** One change, its paths as seen from `cwd`; without a count where the engine gave none. */
export function changeText(change: FileChange, cwd: string | null): string {
  const path = (absolute: string) => oneLine(relativePath(absolute, cwd));
  const what = change.move_path === undefined
    ? `${change.kind} ${path(change.path)}`
    : `move ${path(change.path)} → ${path(change.move_path)}`;
  const count = countOf([change]);
  return count ? `${what} ${countText(count)}` : what;
}

/** All of them; several begin with how many they are, as a long line can be cut. */
export function changesText(
  changes: FileChange[],
  cwd: string | null,
): string {
  const each = changes.map((change) => changeText(change, cwd)).join(", ");
  if (changes.length < 2) return each;
  const count = countOf(changes);
  return `${changes.length} files${
    count ? ` ${countText(count)}` : ""
  }: ${each}`;
}

/** For example `+2 −1`. */
export const countText = ({ added, removed }: LineCount): string =>
  `+${added} −${removed}`;

/** The lines of all of `changes`; null where one of them is not counted. */
function countOf(changes: FileChange[]): LineCount | null {
  const sum = { added: 0, removed: 0 };
  for (const { added, removed } of changes) {
    if (typeof added !== "number" || typeof removed !== "number") return null;
    sum.added += added;
    sum.removed += removed;
  }
  return sum;
}
