/** The word that was meant by a mistyped one. */

/** The nearest candidate at most two slips from `typed`, or null. */
export function nearest(typed: string, candidates: string[]): string | null {
  // A short word is near to everything.
  const most = typed.length < 3 ? 0 : typed.length < 5 ? 1 : 2;
  let best: string | null = null;
  let fewest = most + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - typed.length) >= fewest) continue;
    const count = slips(typed, candidate);
    if (count < fewest) [best, fewest] = [candidate, count];
  }
  return best;
}

/** How many letters are wrong, missing, too many, or swapped with their neighbour. */
function slips(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1]!;
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(
        above[j]! + 1,
        row[j - 1]! + 1,
        above[j - 1]! + same,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      }
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
