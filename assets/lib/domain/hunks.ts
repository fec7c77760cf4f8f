/** Hunks: the part of a unified diff that says which lines of one file change. Pure. */

/** How many lines a diff adds and removes. */
export interface LineCount {
  added: number;
  removed: number;
}

/** The hunk of a file created with `content`, or, with `sign` `-`, deleted. */
export function wholeFileHunk(content: string, sign: "+" | "-"): string {
  if (content === "") return "";
  const ended = content.endsWith("\n");
  const lines = (ended ? content.slice(0, -1) : content).split("\n");
  const range = lines.length === 1 ? "1" : `1,${lines.length}`;
  const head = sign === "+" ? `@@ -0,0 +${range} @@` : `@@ -${range} +0,0 @@`;
  const body = lines.map((line) => `${sign}${line}\n`).join("");
  return `${head}\n${body}${ended ? "" : "\\ No newline at end of file\n"}`;
}

const HEAD = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/**
 * Counts the lines that `diff` adds and removes: the hunks of one file, or a whole patch.
 * Lines between hunks do not count, whatever they begin with.
 */
export function countLines(diff: string): LineCount {
  const count = { added: 0, removed: 0 };
  let [before, after] = [0, 0];
  for (const line of diff.split("\n")) {
    if (before <= 0 && after <= 0) {
      const head = HEAD.exec(line);
      if (head) [before, after] = [Number(head[1] ?? 1), Number(head[2] ?? 1)];
      continue;
    }
    const [sign] = line;
    if (sign === "\\") continue;
    if (sign === "+") count.added++;
    else if (sign === "-") count.removed++;
    if (sign !== "+") before--;
    if (sign !== "-") after--;
  }
  return count;
}
