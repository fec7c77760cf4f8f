/** Events on their way to the files: in order, with text deltas batched. */
import { monotonicMs, startTimer } from "../system/clock.ts";
import type { StoredEvent } from "../events/thread_event.ts";

/** Shortest time between deltas, in ms: 20 a second. */
const BATCH_MS = 50;

type Delta = { type: "item.delta"; item_id: string; delta: string };

const isDelta = (event: StoredEvent | undefined): event is Delta =>
  event?.type === "item.delta";

/**
 * Takes events as they come and hands them out one by one. The first delta goes out at
 * once; those that follow within the batching time are joined. Anything else flushes.
 */
export class EventQueue {
  #pending: StoredEvent[] = [];
  #ended = false;
  #error: Error | null = null;
  #wake: (() => void) | null = null;
  #lastDelta = -Infinity;

  push(event: StoredEvent): void {
    const last = this.#pending.at(-1);
    if (isDelta(event) && isDelta(last) && last.item_id === event.item_id) {
      last.delta += event.delta;
    } else {
      this.#pending.push(isDelta(event) ? { ...event } : event);
    }
    this.#wake?.();
  }

  /** No more events come; with an error, the reader gets it after the last one. */
  end(error: Error | null = null): void {
    this.#ended = true;
    this.#error ??= error;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StoredEvent> {
    while (true) {
      const [first] = this.#pending;
      if (first === undefined) {
        if (this.#ended) break;
        await this.#news(null);
        continue;
      }
      const early = this.#lastDelta + BATCH_MS - monotonicMs();
      if (
        isDelta(first) && this.#pending.length === 1 && !this.#ended &&
        early > 0
      ) {
        await this.#news(early);
        continue;
      }
      this.#pending.shift();
      if (isDelta(first)) this.#lastDelta = monotonicMs();
      yield first;
    }
    if (this.#error) throw this.#error;
  }

  /** Resolves at the next push, or after `ms`. */
  #news(ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      const stop = startTimer(ms ?? Infinity, () => this.#wake?.());
      this.#wake = () => {
        stop();
        resolve();
      };
    });
  }
}
