/** Waiting for a directory to change: inotify and similar, with a poll as fallback. */

/** How often to poll, in ms: where the system reports changes, and where it does not. */
const POLL_MS = { told: 5000, untold: 250 };

/**
 * Reports changes in a directory. `next` resolves at the first change since the last call,
 * or after a while without one: callers look again either way, so a missed or refused
 * notification (inotify exhausted, a network file system) only costs time.
 */
export class ChangeWatcher implements Disposable {
  #watcher: Deno.FsWatcher | null = null;
  #changed = false;
  #wake: (() => void) | null = null;

  constructor(path: string) {
    try {
      this.#watcher = Deno.watchFs(path, { recursive: false });
    } catch {
      return; // the poll suffices
    }
    this.#listen(this.#watcher);
  }

  async #listen(watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const event of watcher) {
        // Our own reads are no news; without this every look would wake the next.
        if (event.kind === "access") continue;
        this.poke();
      }
    } catch {
      // The directory went away: the poll finds that out.
    }
    this.#watcher = null;
  }

  /**
   * Resolves at a change, after a while, or after `limitMs`. Returns false only where
   * nothing has changed, which the system would have reported.
   */
  next(limitMs = Infinity): Promise<boolean> {
    const told = this.#watcher !== null;
    if (this.#changed) {
      this.#changed = false;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#wake = null;
        const changed = this.#changed;
        this.#changed = false;
        resolve(changed || !told);
      };
      const poll = told ? POLL_MS.told : POLL_MS.untold;
      const timer = setTimeout(finish, Math.max(0, Math.min(poll, limitMs)));
      this.#wake = finish;
    });
  }

  /** Makes `next` resolve: something else has happened. */
  poke(): void {
    this.#changed = true;
    this.#wake?.();
  }

  [Symbol.dispose](): void {
    try {
      this.#watcher?.close();
    } catch {
      // It closed itself when the directory went away.
    }
  }
}
