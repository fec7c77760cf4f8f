/** Rows as aligned columns, for people. */

/** Lines of `rows`, each column as wide as its widest cell; a cell never holds a line end. */
export function table(rows: string[][]): string {
  const clean = rows.map((row) =>
    row.map((cell) => cell.replace(/\s+/g, " ").trim())
  );
  const widths: number[] = [];
  for (const row of clean) {
    row.forEach((cell, column) =>
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    );
  }
  return clean
    .map((row) =>
      row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ")
        .trimEnd()
    )
    .map((line) => `${line}\n`).join("");
}
