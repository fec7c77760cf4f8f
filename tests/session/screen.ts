/** What stands on a terminal in the end, with what differs from run to run made the same. */

/** The text that is left when every carriage return has been obeyed. */
export function leftOnScreen(output: string): string {
  return output.split("\n").map((line) => {
    const cells: string[] = [];
    for (const part of line.split("\r")) {
      Array.from(part).forEach((character, at) => cells[at] = character);
    }
    return cells.join("").trimEnd();
  }).join("\n");
}

/** Ids, times and counts that differ from run to run. */
export function normalised(screen: string): string {
  const names = new Map<string, string>();
  const named = (id: string) => {
    const key = id.slice(-8);
    const name = names.get(key) ?? `${names.size + 1}`.repeat(8);
    names.set(key, name);
    return id.slice(0, -8).replace(/[0-9a-f]/g, "0") + name;
  };
  return alignedTables(
    screen.replace(
      /\b(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{4})?[0-9a-f]{8}\b/g,
      named,
    ),
  ).split("\n").map(withoutNumbers).join("\n");
}

const withoutNumbers = (text: string): string =>
  text
    .replace(/\d+(?:\.\d+)? (?:s|min|h)(?: \d+ (?:s|min))?\b/g, "N s")
    .replace(/[\d,]+(?= (?:tokens|cached|out)\b)/g, "N");

/** Columns are as wide as their widest cell, which may be a time: they are laid out anew. */
function alignedTables(text: string): string {
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    if (!/^ID {2}/.test(lines[at]!)) continue;
    const starts = Array.from(
      lines[at]!.matchAll(/\S+/g),
      ({ index }) => index,
    );
    let end = at;
    while (lines[end] !== undefined && lines[end] !== "") end++;
    const rows = lines.slice(at, end).map((line) =>
      starts.map((from, i) =>
        withoutNumbers(line.slice(from, starts[i + 1]).trim())
      )
    );
    const widths = starts.map((_, i) =>
      Math.max(...rows.map((row) => row[i]!.length))
    );
    rows.forEach((row, i) => {
      lines[at + i] = row.map((cell, j) => cell.padEnd(widths[j]!)).join("  ")
        .trimEnd();
    });
    at = end;
  }
  return lines.join("\n");
}
