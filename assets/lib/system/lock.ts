/**
 * File locks (flock): a held lock is the only sign of life that this tool trusts. The
 * kernel releases it when its holder dies, whatever the cause; no pid can be mistaken.
 *
 * A lock file is never renamed or deleted while it might be held, unless its name is used
 * only once.
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
 * Makes the lock file `path` with its lock already held and its content written, in one
 * step: a free one has lost its holder, and no probe can see it before it is locked.
 * @throws {Deno.errors.AlreadyExists} when the file exists already
 */
export function makeHeldLock(path: string, content = ""): HeldLock {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  const file = openForLock(temporary);
  try {
    file.lockSync(true);
    writeText(file, content);
    // A second name, as a rename would replace another process's lock.
    Deno.linkSync(temporary, path);
  } catch (error) {
    file.close();
    throw error;
  } finally {
    Deno.removeSync(temporary);
  }
  return held(file);
}

/** The lock on `path`, or null when another holder excludes it. */
export function tryTakeLock(
  path: string,
  { shared = false }: {
    /** Others can hold it as well. */
    shared?: boolean;
  } = {},
): HeldLock | null {
  const file = openForLock(path);
  if (file.tryLockSync(!shared)) return held(file);
  file.close();
  return null;
}

/**
 * Resolves when nobody holds the lock on `path` any more, at the moment that its holder
 * releases it or dies, without polling. A missing file resolves at once. The wait cannot
 * be cancelled; it ends with the process.
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

/** The holder of a lock, watched through an open file, as its name might vanish. */
export interface Holder extends Disposable {
  /** Whether the lock is still held. */
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

/** The state of a lock: there is no file, nobody holds it, a process does. */
export type LockState = "none" | "free" | "held";

/**
 * Probes the lock on `path`. The probe is shared, so that probes never see each other as
 * a holder.
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
