/** The deadlines of a turn, on the monotonic clock; a machine that slept is no stall. */
import type { Sign } from "../codex/signs.ts";
import type { StoredEvent } from "../events/thread_event.ts";
import { isThreadEvent } from "../events/thread_event.ts";
import { monotonicMs } from "../system/clock.ts";
import type { StopReason } from "./stop.ts";

/** How often the deadlines are checked, in ms. */
const TICK_MS = 250;
/** A tick this late means that the machine, or this process, was suspended, in ms. */
const GAP_MS = 5_000;
/** A slow start takes this long, in ms: before the first sign no shorter limit applies. */
const START_MS = 30_000;
/** Items that the model itself makes: while one is open, it is the service that is silent. */
const SPOKEN = new Set([
  ...["agent_message", "reasoning", "plan", "todo_list", "web_search", "error"],
]);

/** How long a turn may take and be silent, in ms; `Infinity` means no limit. */
export interface Deadlines {
  /** For the whole turn. */
  timeoutMs: number;
  /** Between two signs of life, while codex waits for nothing. */
  idleMs: number;
}

/**
 * Watches over one turn and calls `onExpire` at most once. Codex is silent if it sends
 * nothing and waits for nothing: no command, tool or sub-agent that must reply before the
 * model is asked again, no starting server, and no person.
 */
export class Watchdog implements Disposable {
  #started = monotonicMs();
  #lastSign = this.#started;
  #lastTick = this.#started;
  #seenSign = false;
  #seenEvent = false;
  /** Commands, tool calls and sub-agents that codex waits for, by item. */
  #working = new Set<string>();
  /** Requests that wait for a person. */
  #asked = new Set<string>();
  /** Starting MCP servers. */
  #servers = new Set<string>();
  #timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly deadlines: Deadlines,
    private readonly onExpire: (reason: StopReason) => void,
  ) {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Notes a sign of life that is no event. */
  sign(sign: Sign): void {
    this.#lastSign = monotonicMs();
    this.#seenSign = true;
    if (sign.kind === "answered") this.#working.clear();
    else if (sign.kind === "server") {
      if (sign.starting) this.#servers.add(sign.name);
      else this.#servers.delete(sign.name);
    }
  }

  /** Notes an event. */
  note(event: StoredEvent): void {
    this.#lastSign = monotonicMs();
    this.#seenSign = this.#seenEvent = true;
    if (!isThreadEvent(event)) return;
    switch (event.type) {
      case "item.started":
        if (!SPOKEN.has(event.item.type)) this.#working.add(event.item.id);
        break;
      case "item.completed":
        this.#working.delete(event.item.id);
        break;
      case "request.opened":
        this.#asked.add(event.request.id);
        break;
      case "request.resolved":
        this.#asked.delete(event.request_id);
        break;
    }
  }

  #tick(): void {
    const now = monotonicMs();
    const gap = now - this.#lastTick;
    this.#lastTick = now;
    if (gap > GAP_MS) {
      this.#lastSign += gap;
      this.#started += gap;
    }
    const reason = this.#expired(now);
    if (!reason) return;
    clearInterval(this.#timer);
    this.onExpire(reason);
  }

  #expired(now: number): StopReason | null {
    const { timeoutMs, idleMs } = this.deadlines;
    if (now - this.#started >= timeoutMs) {
      return {
        code: "timed_out",
        message: `The turn took longer than ${
          timeoutMs / 1000
        } s${this.#stillStarting()}`,
      };
    }
    const waits = this.#working.size + this.#asked.size + this.#servers.size;
    const limitMs = this.#seenSign ? idleMs : Math.max(idleMs, START_MS);
    if (waits > 0 || now - this.#lastSign < limitMs) return null;
    return {
      code: "stalled",
      message: this.#seenEvent
        ? `Codex was silent for ${limitMs / 1000} s`
        : `Codex gave no first event within ${limitMs / 1000} s`,
    };
  }

  /** The servers still starting when the turn timed out. */
  #stillStarting(): string {
    const names = [...this.#servers].join(", ");
    return names === "" ? "" : `; the MCP server ${names} was still starting`;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
