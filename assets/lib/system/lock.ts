/**
 * File locks (flock): a held lock is the only sign of life that this tool trusts. The
 * kernel drops it when its holder dies, whatever killed it, and no pid can be mistaken.
 *
 * A lock file is never renamed or deleted while anyone may hold it, unless its name is used
 * once only.
 */

import { setMode, writeText } from "./files.ts";

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

const READ_WRITE = { read: true, write: true };

/** Opens a lock file, made 0600 whatever the umask: another run must be able to open it. */
function openForLock(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, READ_WRITE);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  try {
    const file = Deno.openSync(path, {
      ...READ_WRITE,
      createNew: true,
      mode: 0o600,
    });
    setMode(path, 0o600);
    return file;
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    return Deno.openSync(path, READ_WRITE); // somebody else was first
  }
}

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

/**
 * Makes the lock file `path` with its lock already held and its content in it, in one
 * step: one that is found free has lost its holder, and nobody's probe can get in between.
 * @throws {Deno.errors.AlreadyExists} when somebody has made it before
 */
export function makeHeldLock(path: string, content = ""): HeldLock {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  const file = openForLock(temporary);
  try {
    file.lockSync(true);
    writeText(file, content);
    // A second name, as a renaming would take the place of another's lock.
    Deno.linkSync(temporary, path);
  } catch (error) {
    file.close();
    throw error;
  } finally {
    Deno.removeSync(temporary);
  }
  return held(file);
}

/** The lock on `path`, or null when somebody else's hold rules it out. */
export function tryTakeLock(
  path: string,
  { shared = false }: { /** Others may hold it so, too. */ shared?: boolean } =
    {},
): HeldLock | null {
  const file = openForLock(path);
  if (file.tryLockSync(!shared)) return held(file);
  file.close();
  return null;
}

/**
 * Resolves when nobody holds the lock on `path` any more, at the very moment that its
 * holder lets go or dies, and without looking again and again. A missing file resolves at
 * once. The wait cannot be called off; it ends with the process.
 */
export async function whenLockFree(path: string): Promise<void> {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  using open = file;
  await open.lock(false);
}

/** Whoever holds a lock, watched through an open file: its name may go meanwhile. */
export interface Holder extends Disposable {
  /** Whether the lock is held still. */
  isThere(): boolean;
}

/** The holder of the lock on `path`; null where there is no such file. */
export function holderOf(path: string): Holder | null {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  return {
    isThere: () => !file.tryLockSync(false),
    [Symbol.dispose]: () => file.close(),
  };
}

/** What is known of a lock: nobody has made its file, nobody holds it, somebody does. */
export type LockState = "none" | "free" | "held";

/**
 * Looks at the lock on `path`. The probe is shared, so that probes never take each other
 * for a holder.
 */
export function lockState(path: string): LockState {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "none";
    throw error;
  }
  try {
    return file.tryLockSync(false) ? "free" : "held";
  } finally {
    file.close();
  }
}

/** Whether somebody holds the lock on `path`. */
export const isLockHeld = (path: string): boolean => lockState(path) === "held";
