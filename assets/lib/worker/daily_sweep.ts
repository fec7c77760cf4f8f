/** Removes old turns: the first worker that ends on a new day sweeps. */
import { wallMs } from "../system/clock.ts";
import { lstatIfExists, replaceFile } from "../system/files.ts";
import { stateRoot } from "../system/paths.ts";
import { sweep } from "../turns/gc.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Most turns to remove in one sweep: a worker must not linger. */
const SLICE = 200;

/** Sweeps when the last sweep is a day old. Fails silently: the turn is over anyway. */
export function sweepIfDue(): void {
  try {
    const stamp = `${stateRoot()}/last-sweep`;
    const last = lstatIfExists(stamp)?.mtime?.getTime() ?? 0;
    if (Math.abs(wallMs() - last) < DAY_MS) return;
    replaceFile(stamp, "");
    sweep({ most: SLICE });
  } catch {
    // The next worker, or setup, tries again.
  }
}
