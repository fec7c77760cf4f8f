/** Several runs at once, so that many do not take the sum of their times. */

/** How many: most tests wait most of the time. */
const LANES = 3;

/** Does `work` for all items, `lanes` of them at once; the results in the order of the items. */
export async function each<T, R>(
  items: T[],
  work: (item: T, index: number) => Promise<R>,
  lanes: number = LANES,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

/** The largest files first: they take the longest. */
export function largestFirst(paths: string[]): string[] {
  const size = (path: string) => Deno.statSync(path).size;
  return paths.toSorted((one, other) => size(other) - size(one));
}
