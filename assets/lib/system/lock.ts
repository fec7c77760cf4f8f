/**
 * File locks (flock): a held lock is the only sign of life that this tool trusts. The
 * kernel drops it when its holder dies, whatever killed it, and no pid can be mistaken.
 *
 * A lock file is never renamed or deleted while anyone may hold it.
 */

/** A lock that is held until `release` or the end of the process. */
export interface HeldLock extends Disposable {
  release(): void;
}

function held(file: Deno.FsFile): HeldLock {
  let open = true;
  const release = () => {
    if (open) file.close();
    open = false;
  };
  return { release, [Symbol.dispose]: release };
}

const openForLock = (path: string): Deno.FsFile =>
  Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });

/** Waits for the exclusive lock on `path`, which is created when missing. */
export async function takeLock(path: string): Promise<HeldLock> {
  const file = openForLock(path);
  try {
    await file.lock(true);
  } catch (error) {
    file.close();
    throw error;
  }
  return held(file);
}

/** The exclusive lock on `path`, or null when somebody else holds it. */
export function tryTakeLock(path: string): HeldLock | null {
  const file = openForLock(path);
  if (file.tryLockSync(true)) return held(file);
  file.close();
  return null;
}

/**
 * Whether somebody holds the lock on `path`. The probe is shared, so that probes never
 * take each other for a holder. A missing file is held by nobody.
 */
export function isLockHeld(path: string): boolean {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  try {
    return !file.tryLockSync(false);
  } finally {
    file.close();
  }
}
