/** When a long silence is reported, so that nobody takes it for the end. */

const MINUTE_MS = 60_000;

/** Minutes of silence after which a report is due; then every ten. Few: each can wake a reader. */
const DUE_MINUTES = [1, 2, 5, 10];

/** Keeps the time since the last line. Times in ms, of one clock. */
export class Silence {
  #words = 0;

  constructor(private last: number) {}

  /** A line was printed. */
  broken(now: number): void {
    this.last = now;
    this.#words = 0;
  }

  /** How long nothing was printed, in ms, if a report is due; else null. */
  due(now: number): number | null {
    const known = DUE_MINUTES[this.#words];
    const minutes = known ?? 10 * (this.#words - DUE_MINUTES.length + 2);
    const silent = now - this.last;
    if (silent < minutes * MINUTE_MS) return null;
    this.#words++;
    return silent;
  }
}
