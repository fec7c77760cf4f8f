/** How many turns run at once: one lock file a slot, held by the worker that uses it. */
import { sleep, whenAborted } from "../system/clock.ts";
import { ensurePrivateDir } from "../system/files.ts";
import { type HeldLock, takeLock, tryTakeLock } from "../system/lock.ts";
import { slotsDir } from "../system/paths.ts";

/** How often the first in the queue looks for a free slot, in ms. */
const LOOK_MS = 50;

function tryTakeSlot(count: number): HeldLock | null {
  for (let slot = 0; slot < count; slot++) {
    const lock = tryTakeLock(`${slotsDir()}/${slot}`);
    if (lock) return lock;
  }
  return null;
}

/**
 * Takes one of `count` slots. When all are in use, `onQueue` is called once and the
 * caller stands in line: only the first in line, who holds the lock `queue`, looks for a
 * slot, so that nobody is passed over. Null when `signal` fires first.
 */
export async function takeSlot(
  count: number,
  { onQueue, signal }: { onQueue: () => void; signal: AbortSignal },
): Promise<HeldLock | null> {
  ensurePrivateDir(slotsDir());
  const free = tryTakeSlot(count);
  if (free) return free;
  onQueue();
  const turn = takeLock(`${slotsDir()}/queue`);
  if (await Promise.race([turn, whenAborted(signal)]) === null) {
    turn.then((lock) => lock.release());
    return null;
  }
  using _first = await turn;
  while (!signal.aborted) {
    const slot = tryTakeSlot(count);
    if (slot) return slot;
    await sleep(LOOK_MS, signal);
  }
  return null;
}
