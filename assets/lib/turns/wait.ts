/** Blocking until a turn is over. */
import { monotonicMs } from "../system/clock.ts";
import { isLockHeld, whenLockFree } from "../system/lock.ts";
import { ChangeWatcher } from "../system/watch.ts";
import { type Inspection, inspectTurn } from "./inspect.ts";
import type { TurnPaths } from "./layout.ts";
import { markersOf } from "./markers.ts";
import { isOver } from "./state.ts";
import { pathsOf } from "./store.ts";

/** Whether the turn has a marker; true if unreadable, so that it is inspected. */
function isMarked(paths: TurnPaths): boolean {
  try {
    const { done, error } = markersOf(paths);
    return done || error;
  } catch {
    return true;
  }
}

/** How often a waiter checks for a worker that has not started, in ms. */
const START_POLL_MS = 250;

/**
 * Waits until the turn is over or `timeoutMs` has passed (null: no limit), and returns
 * the last look at it. `onLook` is called at every look, the last one included.
 *
 * A waiter blocks on the lock: the system wakes it when the worker ends, whatever the
 * cause. One that waits only for the end watches the directory where the marker is
 * announced and is not woken by streamed text: a hundred waiters cost almost nothing.
 */
export async function waitForTurn(
  turnId: string,
  { timeoutMs = null, onLook, until }: {
    timeoutMs?: number | null;
    onLook?: () => void;
    /** Something else that ends the waiting. */
    until?: () => boolean;
  } = {},
): Promise<Inspection> {
  const paths = pathsOf(turnId);
  const started = monotonicMs();
  const endOnly = !onLook && !until;
  using watcher = new ChangeWatcher(endOnly ? paths.control : paths.dir);
  /** A worker holds the lock, and its end will wake us. */
  let guarded = false;
  for (let changed = true;;) {
    const left = timeoutMs === null
      ? Infinity
      : timeoutMs - (monotonicMs() - started);
    const enough = until?.() ?? false;
    if (enough || left <= 0 || !guarded || (changed && isMarked(paths))) {
      const inspection = inspectTurn(turnId);
      if (isOver(inspection.state) || enough || left <= 0) {
        onLook?.();
        return inspection;
      }
      if (isLockHeld(paths.lock)) {
        guarded = true;
        whenLockFree(paths.lock).catch(() => {}).then(() => {
          guarded = false;
          watcher.poke();
        });
      }
    }
    onLook?.();
    const poll = guarded ? Infinity : START_POLL_MS;
    changed = await watcher.next(Math.min(left, poll)) || endOnly;
  }
}
