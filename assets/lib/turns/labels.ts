/** One lock for `--label`: of two calls with the same label the second sees the first's turn. */
import { lstatIfExists } from "../system/files.ts";
import { type HeldLock, takeLock, tryTakeLock } from "../system/lock.ts";
import { stateRoot } from "../system/paths.ts";

const lockPath = (): string => `${stateRoot()}/labels.lock`;

/** Blocks every other call that wants a label. */
export const takeLabels = (): Promise<HeldLock> => takeLock(lockPath());

/** Creates the lock file if it is missing. */
export function guardLabels(): void {
  if (!lstatIfExists(lockPath())) tryTakeLock(lockPath())?.release();
}

/**
 * Since when no turn here gets a label that could be part of an id, ms since the epoch:
 * the mtime of the lock file, which nobody writes to. An older turn might have one.
 */
export const labelsGuardedSince = (): number =>
  lstatIfExists(lockPath())?.mtime?.getTime() ?? Infinity;
