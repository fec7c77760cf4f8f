/** When a long silence is worth a word, so that nobody takes it for the end. */

const MINUTE_MS = 60_000;

/** The minutes of silence after which a word is due; then every ten. Few: each may wake a reader. */
const DUE_MINUTES = [1, 2, 5, 10];

/** Keeps the time since the last line. Times in ms, of one clock. */
export class Silence {
  #words = 0;

  constructor(private last: number) {}

  /** Something was said. */
  broken(now: number): void {
    this.last = now;
    this.#words = 0;
  }

  /** How long nothing was said, in ms, if a word on that is due; else null. */
  due(now: number): number | null {
    const known = DUE_MINUTES[this.#words];
    const minutes = known ?? 10 * (this.#words - DUE_MINUTES.length + 2);
    const silent = now - this.last;
    if (silent < minutes * MINUTE_MS) return null;
    this.#words++;
    return silent;
  }
}
