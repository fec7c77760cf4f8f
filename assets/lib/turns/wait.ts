/** Blocking until a turn is over. */
import { monotonicMs } from "../system/clock.ts";
import { isLockHeld } from "../system/lock.ts";
import { ChangeWatcher } from "../system/watch.ts";
import { type Inspection, inspectTurn } from "./inspect.ts";
import { markersOf } from "./markers.ts";
import { isOver } from "./state.ts";
import { pathsOf } from "./store.ts";

/**
 * Waits until the turn is over or `timeoutMs` has passed (null: no limit), and returns
 * the last look at it. `onLook` is called at every look, the last one included.
 *
 * An idle waiter looks at the lock alone: while it is held the turn runs. A directory
 * that is gone has no lock either.
 */
export async function waitForTurn(
  turnId: string,
  { timeoutMs = null, onLook = () => {}, until = () => false }: {
    timeoutMs?: number | null;
    onLook?: () => void;
    /** Something else that ends the waiting. */
    until?: () => boolean;
  } = {},
): Promise<Inspection> {
  const paths = pathsOf(turnId);
  const started = monotonicMs();
  using watcher = new ChangeWatcher(paths.dir);
  for (let changed = true;;) {
    const left = timeoutMs === null
      ? Infinity
      : timeoutMs - (monotonicMs() - started);
    const { done, error } = changed
      ? markersOf(paths)
      : { done: false, error: false };
    const enough = until();
    if (done || error || enough || left <= 0 || !isLockHeld(paths.lock)) {
      const inspection = inspectTurn(turnId);
      if (isOver(inspection.state) || enough || left <= 0) {
        onLook();
        return inspection;
      }
    }
    onLook();
    changed = await watcher.next(left);
  }
}
