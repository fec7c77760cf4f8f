/** diff.patch: what the turn has changed so far, written at most once a second and at the end. */
import { monotonicMs, startTimer } from "../system/clock.ts";
import { replaceFile } from "../system/files.ts";

/** The least time between two writes, in ms: every patch sends a long diff again. */
const PACE_MS = 1000;

/** Writes the latest diff; disposing writes what is still pending. */
export class DiffFile implements Disposable {
  #latest = "";
  #written = "";
  #writtenAt = -Infinity;
  #cancel: (() => void) | null = null;

  constructor(private readonly path: string) {}

  /**
   * Takes the diff as it is now.
   * @throws {Error} when the disk refuses
   */
  note(diff: string): void {
    this.#latest = diff;
    if (diff === this.#written || this.#cancel) return;
    const left = this.#writtenAt + PACE_MS - monotonicMs();
    if (left <= 0) return this.#write();
    this.#cancel = startTimer(left, () => {
      this.#cancel = null;
      try {
        this.#write();
      } catch {
        // The final write fails too, and reports it.
      }
    });
  }

  #write(): void {
    if (this.#latest === this.#written) return;
    this.#writtenAt = monotonicMs();
    replaceFile(this.path, this.#latest);
    this.#written = this.#latest;
  }

  [Symbol.dispose](): void {
    this.#cancel?.();
    this.#write();
  }
}
