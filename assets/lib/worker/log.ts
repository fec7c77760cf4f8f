/** worker.log: what happened to the worker itself; bounded. */
import { wallMs } from "../system/clock.ts";
import { lstatIfExists, writeAllSync } from "../system/files.ts";

/** No more than this goes into one log, in bytes. */
const MAX_BYTES = 256 * 1024;
/** One entry is cut here, in characters. */
const MAX_ENTRY = 8 * 1024;

/** A log that never fails: what the disk refuses is lost, the turn is not. */
export class WorkerLog {
  #file: Deno.FsFile | null = null;
  #written = 0;

  constructor(path: string) {
    try {
      if (lstatIfExists(path)?.isSymlink) return; // what it leads to is not ours
      this.#file = Deno.openSync(path, {
        append: true,
        create: true,
        mode: 0o600,
      });
      this.#written = this.#file.statSync().size;
    } catch {
      // No log then.
    }
  }

  /** Adds an entry with the time. */
  line(text: string): void {
    if (!this.#file || this.#written > MAX_BYTES) return;
    const cut = text.length > MAX_ENTRY
      ? `${text.slice(0, MAX_ENTRY)} …`
      : text;
    const entry = new TextEncoder().encode(
      `${new Date(wallMs()).toISOString()} ${cut}\n`,
    );
    this.#written += entry.length;
    try {
      writeAllSync(this.#file, entry);
      if (this.#written > MAX_BYTES) {
        writeAllSync(this.#file, new TextEncoder().encode("(log is full)\n"));
      }
    } catch {
      // A full disk must not end the turn.
    }
  }
}
