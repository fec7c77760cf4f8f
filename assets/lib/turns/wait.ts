/** Blocking until a turn is over. */
import { monotonicMs } from "../system/clock.ts";
import { lstatIfExists } from "../system/files.ts";
import { ChangeWatcher, POLL_MS } from "../system/watch.ts";
import { type Inspection, inspectTurn } from "./inspect.ts";
import { markersOf } from "./markers.ts";
import { isOver } from "./state.ts";
import { pathsOf } from "./store.ts";

/** How often a waiter asks whether the worker still lives, in ms; under a second. */
const LIVENESS_MS = 500;

/**
 * Waits until the turn is over or `timeoutMs` has passed (null: no limit), and returns
 * the last look at it. `onLook` is called at every change, the last one included.
 */
export async function waitForTurn(
  turnId: string,
  { timeoutMs = null, onLook = () => {} }: {
    timeoutMs?: number | null;
    onLook?: () => void;
  } = {},
): Promise<Inspection> {
  const paths = pathsOf(turnId);
  const started = monotonicMs();
  using watcher = new ChangeWatcher(paths.dir);
  let inspected = -Infinity;
  while (true) {
    const now = monotonicMs();
    // A marker is told by the directory; only death and deletion need the costlier look.
    const marked = Object.values(markersOf(paths)).includes(true);
    if (marked || now - inspected >= LIVENESS_MS || !lstatIfExists(paths.dir)) {
      const inspection = inspectTurn(turnId);
      inspected = now;
      const expired = timeoutMs !== null && now - started >= timeoutMs;
      if (isOver(inspection.state) || expired) {
        onLook();
        return inspection;
      }
    }
    onLook();
    const left = timeoutMs === null ? POLL_MS : timeoutMs - (now - started);
    await watcher.next(Math.max(0, Math.min(POLL_MS, left)));
    if (timeoutMs !== null && monotonicMs() - started >= timeoutMs) {
      inspected = -Infinity;
    }
  }
}
