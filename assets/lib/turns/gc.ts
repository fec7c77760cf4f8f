/** Removes old turns, and what killed processes left. */
import { wallMs } from "../system/clock.ts";
import {
  ensurePrivateDir,
  entriesOf,
  lstatIfExists,
  removeIfExists,
} from "../system/files.ts";
import { isLockHeld, tryTakeLock } from "../system/lock.ts";
import { keysDir, stateRoot, threadsDir, ticketsDir } from "../system/paths.ts";
import { reasonOf } from "../system/os_error.ts";
import { inspectTurn } from "./inspect.ts";
import { isOver, START_GRACE_MS } from "./state.ts";
import { leftovers, listTurnIds, pathsOf, removeTurn } from "./store.ts";
import { turnIdTime } from "./turn_id.ts";

/** Older turns are removed, in days. */
export const KEEP_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;
/** A half-made directory or file younger than this might not be abandoned. */
const MAKING_MS = 60_000;

/** A path that the system refused, and why. */
export interface Refusal {
  path: string;
  reason: string;
}

/** What a removal has done. */
export interface Removal {
  /** Ids of the turns that were removed (with `dryRun`: would be). */
  removed: string[];
  /** Their size, in bytes. */
  bytes: number;
  /** What could not be removed, or read, and why; the others were removed anyway. */
  refused: Refusal[];
}

/** What a sweep has done. */
export interface SweepReport extends Removal {
  kept: number;
  /** Another sweep ran; nothing was done. */
  skipped: boolean;
}

/** How turns are removed. */
export interface RemovalOptions {
  /** Only report. */
  dryRun?: boolean;
  /** Called before each removal. */
  onRemove?: (turnId: string, bytes: number) => void;
}

/**
 * Removes turns older than `keepDays` whose worker is dead, leftovers of killed
 * processes, and notes about threads and keys that are older still. One sweep at a time:
 * a second one skips. `most` limits how many turns are removed, the oldest first, and how
 * many are searched, the newest first.
 */
export function sweep(
  { keepDays = KEEP_DAYS, most = Infinity, ...options }:
    & RemovalOptions
    & { keepDays?: number; most?: number } = {},
): SweepReport {
  ensurePrivateDir(stateRoot());
  const lock = tryTakeLock(`${stateRoot()}/gc.lock`);
  if (!lock) {
    return { removed: [], bytes: 0, refused: [], kept: 0, skipped: true };
  }
  using _only = lock;
  const now = wallMs();
  const ids = listTurnIds();
  const refused: Refusal[] = [];
  const old = ids.filter((turnId) => {
    if (turnIdTime(turnId) >= now - keepDays * DAY_MS) return false;
    let running = true;
    attempt(refused, pathsOf(turnId).dir, () => running = mayRun(turnId, now));
    return !running;
  }).slice(most === 0 ? Infinity : -most);
  if (!options.dryRun) {
    // Before the turns: a refused turn would be reported as a leftover as well.
    removeLeftovers(refused, ids.slice(0, most), now);
    // Notes are tiny; they outlive the turns so that `continue` still knows a thread.
    for (const dir of [threadsDir(), keysDir()]) {
      attempt(
        refused,
        dir,
        () => removeFilesBefore(dir, now - 10 * keepDays * DAY_MS),
      );
    }
  }
  const removal = removeTurns(old, options, refused);
  const kept = ids.length - removal.removed.length;
  return { ...removal, kept, skipped: false };
}

/** Removes turns, whatever their age; the caller knows that none of them runs. */
export function removeTurns(
  turnIds: string[],
  { dryRun = false, onRemove }: RemovalOptions = {},
  refused: Refusal[] = [],
): Removal {
  const report: Removal = { removed: [], bytes: 0, refused };
  for (const turnId of turnIds) {
    const { dir } = pathsOf(turnId);
    const bytes = sizeOf(dir);
    onRemove?.(turnId, bytes);
    if (!dryRun && !attempt(refused, dir, () => removeTurn(turnId))) {
      continue;
    }
    report.removed.push(turnId);
    report.bytes += bytes;
  }
  return report;
}

/** Whether `work` succeeded; an error is noted instead of thrown. */
function attempt(refused: Refusal[], path: string, work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    const isKnown = refused.some((other) => other.path === path);
    if (!isKnown) refused.push({ path, reason: reasonOf(error) });
    return false;
  }
}

/** What killed processes left, beside the turns and in those of `turnIds`. */
function removeLeftovers(
  refused: Refusal[],
  turnIds: string[],
  now: number,
): void {
  const before = now - MAKING_MS;
  for (const { path, remove } of leftovers(before)) {
    attempt(refused, path, remove);
  }
  for (const dir of [stateRoot(), threadsDir(), keysDir(), ticketsDir()]) {
    for (const path of temporariesBefore(dir, before)) {
      attempt(refused, path, () => removeIfExists(path));
    }
  }
  for (const turnId of turnIds) {
    attempt(
      refused,
      pathsOf(turnId).dir,
      () => removeTemporaries(turnId, before),
    );
  }
}

/** The size of a directory, in bytes; what cannot be read counts as 0. */
function sizeOf(dir: string): number {
  try {
    return entriesOf(dir).reduce((sum, { name, isDirectory }) => {
      const path = `${dir}/${name}`;
      return sum +
        (isDirectory ? sizeOf(path) : lstatIfExists(path)?.size ?? 0);
    }, 0);
  } catch {
    return 0;
  }
}

/** Whether a worker runs the turn, or might still start. */
const mayRun = (turnId: string, now: number): boolean =>
  now - turnIdTime(turnId) < START_GRACE_MS
    ? !isOver(inspectTurn(turnId).state)
    : [pathsOf(turnId).lock, pathsOf(turnId).prompt].some(isLockHeld);

/** Removes the temporary files that a killed worker or command left in a turn. */
function removeTemporaries(turnId: string, beforeMs: number): void {
  const { dir, control, lock } = pathsOf(turnId);
  const left = [dir, control].filter((at) => lstatIfExists(at)?.isDirectory)
    .flatMap((at) => temporariesBefore(at, beforeMs));
  // A worker that was paused would still use its file.
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
