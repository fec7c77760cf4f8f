/** diff.patch: what the turn has changed so far, written at most once a second and at the end. */
import { monotonicMs, startTimer } from "../system/clock.ts";
import { replaceFile } from "../system/files.ts";

/** The least time between two writes, in ms: a long diff comes anew with every patch. */
const PACE_MS = 1000;

/** Writes the latest diff; disposing of it writes what is still owed. */
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
        // The write at the end is refused too, and is heard then.
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
