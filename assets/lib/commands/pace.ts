/** Few lines a second, however many come. */

/** How many lines may go out within a window, and how long that is, in ms. */
const MOST = 3;
const WINDOW_MS = 1000;

/** Lets lines through at a bearable pace; what is left out is counted, urgent lines never are. */
export class Pace {
  #shown: number[] = [];
  #held: string | null = null;
  #skipped = 0;

  constructor(private readonly out: (text: string) => void) {}

  /** Says a line now, or keeps it as the latest one until there is room. */
  say(text: string, urgent: boolean, now: number): void {
    if (urgent) {
      this.flush(Infinity);
      this.#show(text, now);
    } else if (this.#hasRoom(now) && this.#held === null) {
      this.#show(text, now);
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
    this.#show(text, now);
  }

  #hasRoom(now: number): boolean {
    this.#shown = this.#shown.filter((at) => now - at < WINDOW_MS);
    return this.#shown.length < MOST;
  }

  #show(text: string, now: number): void {
    this.#shown.push(now);
    this.out(text);
  }
}
