/** The deadlines of a turn, on the monotonic clock; a machine that slept is no stall. */
import type { StoredEvent } from "../events/thread_event.ts";
import { isThreadEvent } from "../events/thread_event.ts";
import { monotonicMs } from "../system/clock.ts";
import type { StopReason } from "./stop.ts";

/** How long codex may take to its first event, in ms. */
export const FIRST_EVENT_MS = 60_000;
/** How often the deadlines are looked at, in ms. */
const TICK_MS = 250;
/** A tick that comes this much late means that the machine, or we, stood still, in ms. */
const GAP_MS = 5_000;

/** How long a turn may take and be silent. */
export interface Deadlines {
  /** For the whole turn; 0 means none. */
  timeoutMs: number;
  /** Between two events; 0 means none. */
  idleMs: number;
}

/** Watches over one turn and calls `onExpire` at most once. */
export class Watchdog implements Disposable {
  #started = monotonicMs();
  #lastEvent = this.#started;
  #lastTick = this.#started;
  #seenEvent = false;
  /** Commands and tool calls under way: while one runs, silence is no stall. */
  #working = new Set<string>();
  #timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly deadlines: Deadlines,
    private readonly onExpire: (reason: StopReason) => void,
  ) {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Notes that codex gave a sign of life. */
  note(event: StoredEvent): void {
    this.#lastEvent = monotonicMs();
    this.#seenEvent = true;
    if (!isThreadEvent(event)) return;
    if (event.type === "item.started") {
      if (
        event.item.type === "command_execution" ||
        event.item.type === "mcp_tool_call"
      ) {
        this.#working.add(event.item.id);
      }
    } else if (event.type === "item.completed") {
      this.#working.delete(event.item.id);
    }
  }

  #tick(): void {
    const now = monotonicMs();
    const gap = now - this.#lastTick;
    this.#lastTick = now;
    if (gap > GAP_MS) {
      this.#lastEvent += gap;
      this.#started += gap;
    }
    const reason = this.#expired(now);
    if (!reason) return;
    clearInterval(this.#timer);
    this.onExpire(reason);
  }

  #expired(now: number): StopReason | null {
    const { timeoutMs, idleMs } = this.deadlines;
    if (timeoutMs > 0 && now - this.#started >= timeoutMs) {
      return {
        code: "timed_out",
        message: `The turn took longer than ${timeoutMs / 1000} s`,
      };
    }
    const silence = now - this.#lastEvent;
    const firstMs = idleMs > 0
      ? Math.min(FIRST_EVENT_MS, idleMs)
      : FIRST_EVENT_MS;
    if (!this.#seenEvent && silence >= firstMs) {
      return {
        code: "stalled",
        message: `Codex gave no first event within ${firstMs / 1000} s`,
      };
    }
    if (
      this.#seenEvent && idleMs > 0 && this.#working.size === 0 &&
      silence >= idleMs
    ) {
      return {
        code: "stalled",
        message: `Codex was silent for ${idleMs / 1000} s`,
      };
    }
    return null;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
