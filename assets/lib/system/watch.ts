/** Waiting for a directory to change: inotify and its kin, with a poll behind them. */

/** How long a change may stay unseen where the system gives no notice, in ms. */
export const POLL_MS = 250;

/**
 * Tells of changes in a directory. `next` resolves at the first change since the last
 * call, or after POLL_MS: callers look again either way, so a missed or refused
 * notification (inotify exhausted, a network file system) costs time, never truth.
 */
export class ChangeWatcher implements Disposable {
  #watcher: Deno.FsWatcher | null = null;
  #changed = false;
  #wake: (() => void) | null = null;

  constructor(path: string) {
    try {
      this.#watcher = Deno.watchFs(path, { recursive: false });
    } catch {
      return; // the poll alone does it
    }
    this.#listen(this.#watcher);
  }

  async #listen(watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const event of watcher) {
        // Our own reads are no news; without this every look would wake the next.
        if (event.kind === "access") continue;
        this.#changed = true;
        this.#wake?.();
      }
    } catch {
      // The directory went away: the poll finds that out.
    }
  }

  /** Resolves at a change, after `timeoutMs`, or when `signal` fires. */
  next(timeoutMs = POLL_MS, signal?: AbortSignal): Promise<void> {
    if (this.#changed || signal?.aborted) {
      this.#changed = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", finish);
        this.#wake = null;
        this.#changed = false;
        resolve();
      };
      const timer = setTimeout(finish, timeoutMs);
      signal?.addEventListener("abort", finish);
      this.#wake = finish;
    });
  }

  [Symbol.dispose](): void {
    try {
      this.#watcher?.close();
    } catch {
      // It closed itself when the directory went away.
    }
  }
}
