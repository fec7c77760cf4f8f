/** Medians and spread. */

/** What a series of measurements comes to. */
export interface Summary {
  count: number;
  median: number;
  p90: number;
  min: number;
  max: number;
}

/** Summarizes at least one measurement. */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError("Nothing was measured");
  return {
    count: values.length,
    median: quantile(values, 0.5),
    p90: quantile(values, 0.9),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

/** The `q`-quantile, from 0 to 1, between two neighbours in proportion. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}
