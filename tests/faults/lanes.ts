/** Several runs at once, so that a matrix does not take the sum of their times. */

/** How many. */
const LANES = 3;

/** Does `work` for all items, some at once, in their order. */
export async function each<T, R>(
  items: T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}
