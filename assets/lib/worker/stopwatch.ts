/** How long commands, tool calls and the turn took: by codex, else by the worker's clock. */
import {
  isThreadEvent,
  type StoredEvent,
  type ThreadItem,
} from "../events/thread_event.ts";
import { monotonicMs, steadyWallMs } from "../system/clock.ts";

/** Adds `duration_ms` to what ends. */
export class Stopwatch {
  #began = new Map<string, number>();

  /** @param startedAt when `new` was called, ms since the epoch */
  constructor(private readonly startedAt: number) {}

  /** The event, with the time where it is the end of something. */
  stamp(event: StoredEvent): StoredEvent {
    if (!isThreadEvent(event)) return event;
    switch (event.type) {
      case "turn.completed":
        return {
          ...event,
          duration_ms: Math.max(0, steadyWallMs() - this.startedAt),
        };
      case "item.started":
        this.#began.set(event.item.id, monotonicMs());
        return event;
      case "item.dropped":
        this.#began.delete(event.item_id);
        return event;
      case "item.completed":
        return { ...event, item: this.#timed(event.item) };
      default:
        return event;
    }
  }

  #timed(item: ThreadItem): ThreadItem {
    const began = this.#began.get(item.id);
    this.#began.delete(item.id);
    const lasts = item.type === "command_execution" ||
      item.type === "mcp_tool_call";
    if (!lasts || began === undefined || item.duration_ms !== undefined) {
      return item;
    }
    return { ...item, duration_ms: Math.round(monotonicMs() - began) };
  }
}
