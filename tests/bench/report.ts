/** The bench's table: what was measured, beside what it is compared with and the limit that it has to keep. */

import { summarize, type Summary } from "./statistics.ts";

/** Units of measurement, as printed. */
export type Unit = "ms" | "MB" | "%";

/** A limit, and where the measurement stands. */
export interface Verdict {
  /** What is compared, e.g. `3.1 × a bare deno run`. */
  text: string;
  /** The limit in words, e.g. `≤ 3.5 ×`. */
  limit: string;
  met: boolean;
}

/** One line of the table. */
export interface Row {
  name: string;
  unit: Unit;
  summary: Summary;
  verdicts: Verdict[];
}

/** A line for the measurements `values`. */
export const row = (
  name: string,
  unit: Unit,
  values: readonly number[],
  ...judges: ((summary: Summary) => Verdict)[]
): Row => {
  const summary = summarize(values);
  return {
    name,
    unit,
    summary,
    verdicts: judges.map((judge) => judge(summary)),
  };
};

/** The median is at most `factor` times the median of `base`. */
export const atMostTimes = (factor: number, base: Row, what: string) =>
(
  { median }: Summary,
): Verdict => {
  const ratio = median / base.summary.median;
  return {
    text: `${ratio.toFixed(2)} × ${what}`,
    limit: `≤ ${factor} ×`,
    met: ratio <= factor,
  };
};

/** The median is over the median of `base` by at most `factor` times that of `unit`. */
export const atMostOver =
  (factor: number, unit: Row, base: Row, what: string) =>
  ({ median }: Summary): Verdict => {
    const over = median - base.summary.median;
    const ratio = over / unit.summary.median;
    return {
      text: `${format(over)} ms over ${what}, ${ratio.toFixed(2)} × bare deno`,
      limit: `≤ ${factor} ×`,
      met: ratio <= factor,
    };
  };

/** One number of the summary is at most `limit`. */
export const atMost =
  (which: "median" | "p90" | "max", limit: number, unit: Unit) =>
  (summary: Summary): Verdict => ({
    text: `${which} ${format(summary[which])} ${unit}`,
    limit: `≤ ${limit} ${unit}`,
    met: summary[which] <= limit,
  });

/** The table in Markdown, which reads well on a terminal too. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ name, unit, summary, verdicts }) => [
    name,
    `${format(summary.median)} ${unit}`,
    `${format(summary.min)}–${format(summary.max)}`,
    verdicts.map(({ text }) => text).join("; "),
    verdicts.map(({ limit, met }) => `${limit} ${met ? "met" : "**missed**"}`)
      .join("; "),
  ]);
  const all = [["", "median", "min–max", "compared", "limit"], ...cells];
  const widths = all[0]!.map((_, column) =>
    Math.max(3, ...all.map((line) => line[column]!.length))
  );
  const line = (parts: string[]) =>
    `| ${parts.map((part, i) => part.padEnd(widths[i]!)).join(" | ")} |`;
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [line(all[0]!), rule, ...cells.map(line)].join("\n");
}

/** Whether every limit is kept. */
export const allMet = (rows: readonly Row[]): boolean =>
  rows.every(({ verdicts }) => verdicts.every(({ met }) => met));

const format = (value: number): string =>
  Math.abs(value) >= 100
    ? value.toFixed(0)
    : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
