/** Few lines a second, however many come. */

/** How many lines may go out at once. */
const BURST = 12;
/** How many a second in the long run. */
const PER_SECOND = 3;

/** Limits the rate of lines; omitted lines are counted, urgent ones are never omitted. */
export class Pace {
  /** Lines that may go out now. */
  #room = BURST;
  #counted = -Infinity;
  #held: string | null = null;
  #skipped = 0;

  /** @param limited false: everything goes out, as for a replay of what is over */
  constructor(
    private readonly out: (text: string) => void,
    private readonly limited = true,
  ) {}

  /** Prints a line now, or keeps the latest one until there is room. */
  say(text: string, urgent: boolean, now: number): void {
    if (urgent) {
      this.flush(Infinity);
      this.#show(text);
    } else if (this.#hasRoom(now) && this.#held === null) {
      this.#show(text);
    } else {
      if (this.#held !== null) this.#skipped++;
      this.#held = text;
    }
  }

  /** Shows the line that was kept, when there is room; at `Infinity` there always is. */
  flush(now: number): void {
    if (this.#held === null || !this.#hasRoom(now)) return;
    const more = this.#skipped > 0 ? ` (+${this.#skipped} left out)` : "";
    const text = this.#held + more;
    this.#held = null;
    this.#skipped = 0;
    this.#show(text);
  }

  #hasRoom(now: number): boolean {
    if (!this.limited || now === Infinity) return true;
    const seconds = (now - this.#counted) / 1000;
    this.#room = Math.min(BURST, this.#room + seconds * PER_SECOND);
    this.#counted = now;
    return this.#room >= 1;
  }

  #show(text: string): void {
    this.#room = Math.max(0, this.#room - 1);
    this.out(text);
  }
}
