/** A monotonic clock and interval timers that a test moves by hand. */

/** Replaces `performance.now` and `setInterval` until it is disposed of. */
export class FakeTime implements Disposable {
  #now = 0;
  #timers = new Map<number, { ms: number; due: number; run: () => void }>();
  #next = 1;
  #real = {
    now: performance.now,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
  };

  constructor() {
    performance.now = () => this.#now;
    globalThis.setInterval = ((run: () => void, ms: number) => {
      this.#timers.set(this.#next, { ms, due: this.#now + ms, run });
      return this.#next++;
    }) as unknown as typeof setInterval;
    globalThis.clearInterval = ((id: number) => {
      this.#timers.delete(id);
    }) as unknown as typeof clearInterval;
  }

  /** Lets `ms` pass, every timer firing when it is due. */
  pass(ms: number): void {
    const end = this.#now + ms;
    while (true) {
      const next = [...this.#timers.values()].sort((a, b) => a.due - b.due)[0];
      if (!next || next.due > end) break;
      this.#now = next.due;
      next.due += next.ms;
      next.run();
    }
    this.#now = end;
  }

  /** Lets `ms` pass as a sleeping machine does: each timer fires once, late. */
  jump(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers.values()) {
      if (timer.due > this.#now) continue;
      timer.due = this.#now + timer.ms;
      timer.run();
    }
  }

  [Symbol.dispose](): void {
    performance.now = this.#real.now;
    globalThis.setInterval = this.#real.setInterval;
    globalThis.clearInterval = this.#real.clearInterval;
  }
}
