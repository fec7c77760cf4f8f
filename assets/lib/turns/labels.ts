/** One lock for `--label`: of two calls with the same label the second sees the first's turn. */
import { lstatIfExists } from "../system/files.ts";
import { type HeldLock, takeLock, tryTakeLock } from "../system/lock.ts";
import { stateRoot } from "../system/paths.ts";

const lockPath = (): string => `${stateRoot()}/labels.lock`;

/** Holds off every other call that wants a label. */
export const takeLabels = (): Promise<HeldLock> => takeLock(lockPath());

/** Makes the lock where it is not there yet. */
export function guardLabels(): void {
  if (!lstatIfExists(lockPath())) tryTakeLock(lockPath())?.release();
}

/**
 * Since when no turn here gets a label that could be part of an id, ms since the epoch: as
 * long as the lock, which nobody writes to, has been there. An older turn may have one.
 */
export const labelsGuardedSince = (): number =>
  lstatIfExists(lockPath())?.mtime?.getTime() ?? Infinity;
