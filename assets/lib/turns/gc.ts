/** Taking away old turns, and what killed processes left. */
import { wallMs } from "../system/clock.ts";
import {
  ensurePrivateDir,
  entriesOf,
  lstatIfExists,
  removeIfExists,
} from "../system/files.ts";
import { isLockHeld, tryTakeLock } from "../system/lock.ts";
import { keysDir, stateRoot, threadsDir } from "../system/paths.ts";
import { inspectTurn } from "./inspect.ts";
import { isOver, START_GRACE_MS } from "./state.ts";
import { listTurnIds, pathsOf, removeLeftovers, removeTurn } from "./store.ts";
import { turnIdTime } from "./turn_id.ts";

/** Turns older than this go, in days. */
export const KEEP_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;
/** A half-made directory or file younger than this may still be in the making. */
const MAKING_MS = 60_000;

/** What a sweep has done. */
export interface SweepReport {
  /** Ids of the turns that were removed (with `dryRun`: would be). */
  removed: string[];
  kept: number;
  /** Another sweep was at it; nothing was done. */
  skipped: boolean;
}

/**
 * Removes turns older than `keepDays` whose worker does not live, leftovers of killed
 * processes, and notes about threads and keys that are older still. One sweep at a time:
 * a second one skips. `most` bounds how many turns go, the oldest first, and in how many
 * leftovers are looked for, the newest first.
 */
export function sweep(
  { keepDays = KEEP_DAYS, dryRun = false, most = Infinity } = {},
): SweepReport {
  ensurePrivateDir(stateRoot());
  const lock = tryTakeLock(`${stateRoot()}/gc.lock`);
  if (!lock) return { removed: [], kept: 0, skipped: true };
  using _only = lock;
  const now = wallMs();
  const ids = listTurnIds();
  const removed = ids.filter((turnId) =>
    turnIdTime(turnId) < now - keepDays * DAY_MS && !mayRun(turnId, now)
  ).slice(most === 0 ? Infinity : -most);
  if (!dryRun) {
    removed.forEach(removeTurn);
    removeLeftovers(now - MAKING_MS);
    for (const dir of [stateRoot(), threadsDir(), keysDir()]) {
      temporariesBefore(dir, now - MAKING_MS).forEach(removeIfExists);
    }
    for (const turnId of ids.slice(0, most)) {
      removeTemporaries(turnId, now - MAKING_MS);
    }
    // Notes are tiny; they outlive the turns so that `continue` still knows a thread.
    removeFilesBefore(threadsDir(), now - 10 * keepDays * DAY_MS);
    removeFilesBefore(keysDir(), now - 10 * keepDays * DAY_MS);
  }
  return { removed, kept: ids.length - removed.length, skipped: false };
}

/** Whether a worker has the turn in hand, or may still come for it. */
const mayRun = (turnId: string, now: number): boolean =>
  now - turnIdTime(turnId) < START_GRACE_MS
    ? !isOver(inspectTurn(turnId).state)
    : isLockHeld(pathsOf(turnId).lock);

/** Removes the temporary files that a killed worker or command left in a turn. */
function removeTemporaries(turnId: string, beforeMs: number): void {
  const { dir, control, lock } = pathsOf(turnId);
  const left = [dir, control].filter((at) => lstatIfExists(at)?.isDirectory)
    .flatMap((at) => temporariesBefore(at, beforeMs));
  // A worker that was stopped for a while goes on with its file.
  if (left.length > 0 && !isLockHeld(lock)) left.forEach(removeIfExists);
}

/** The temporary files of `replaceFile` in a directory that have not changed since. */
const temporariesBefore = (dir: string, beforeMs: number): string[] =>
  entriesOf(dir).filter(({ name, isFile }) => isFile && name.endsWith(".tmp"))
    .map(({ name }) => `${dir}/${name}`)
    .filter((path) => changedMs(path) < beforeMs);

const changedMs = (path: string): number =>
  lstatIfExists(path)?.mtime?.getTime() ?? Infinity;

function removeFilesBefore(dir: string, beforeMs: number): void {
  for (const { name } of entriesOf(dir)) {
    if (name === "lock") continue;
    const path = `${dir}/${name}`;
    if (changedMs(path) < beforeMs) removeIfExists(path);
  }
}
