/** Tables for people: columns side by side, each row on one line of the terminal. */
import { terminalLine } from "../render/one_line.ts";
import { type Colour, painted } from "./colour.ts";
import { cutToWidth, textWidth } from "./width.ts";

/** One column. */
export interface Column<Row> {
  title: string;
  /** Its content; any text, made harmless here. */
  cell(row: Row): string;
  colour?(row: Row): Colour | undefined;
  /** No wider than this, in columns of the terminal. */
  atMost?: number;
}

const GAP = "  ";

/**
 * `rows` under their titles in at most `width` columns; the last column takes what is left
 * and is cut. A column that is empty in every row is left out.
 * @param colours false: none
 */
export function table<Row>(
  columns: Column<Row>[],
  rows: Row[],
  { width, colours }: { width: number; colours: boolean },
): string {
  const kept = columns
    .map((column) => ({
      ...column,
      cells: rows.map((row) =>
        cutToWidth(terminalLine(column.cell(row)), column.atMost ?? Infinity)
      ),
    }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""));
  const widths = kept.map(({ title, cells }) =>
    Math.max(title.length, ...cells.map(textWidth))
  );
  const before = widths.slice(0, -1)
    .reduce((sum, width) => sum + width + GAP.length, 0);
  const last = Math.max(8, width - before);
  const line = (
    texts: string[],
    colour: (index: number) => Colour | undefined,
  ) =>
    texts.map((text, index) => {
      const isLast = index === texts.length - 1;
      const shown = isLast ? cutToWidth(text, last) : text;
      const hue = colour(index);
      const padding = isLast
        ? ""
        : " ".repeat(widths[index]! - textWidth(shown)) + GAP;
      return (hue ? painted(shown, hue, colours) : shown) + padding;
    }).join("").trimEnd();
  return [
    line(kept.map(({ title }) => title), () => "bold"),
    ...rows.map((row, at) =>
      line(
        kept.map(({ cells }) => cells[at]!),
        (index) => kept[index]!.colour?.(row),
      )
    ),
    "",
  ].join("\n");
}
