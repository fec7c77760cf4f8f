/** What a running turn is doing, from its latest events. */
import { isThreadEvent, type StoredEvent } from "./thread_event.ts";

/** What a running turn can be doing. */
export type Phase =
  | "starting"
  | "queued"
  | "thinking"
  | "writing"
  | "running a command"
  | "awaiting approval"
  | "retrying";

/** The phase after `events`, oldest first; the latest one that says anything decides. */
export function phaseOf(events: StoredEvent[]): Phase {
  for (const event of events.toReversed()) {
    if (!isThreadEvent(event)) continue;
    switch (event.type) {
      case "error":
        return "retrying";
      case "item.delta":
        return phaseOfDelta(event.kind ?? kindOf(events, event.item_id));
      case "item.started":
      case "item.updated":
        if (event.item.type === "command_execution") return "running a command";
        if (event.item.type === "agent_message") return "writing";
        return "thinking";
      default:
        return "thinking";
    }
  }
  return "starting";
}

function phaseOfDelta(kind: string): Phase {
  if (kind === "command_execution") return "running a command";
  return kind === "agent_message" ? "writing" : "thinking";
}

/** The kind of an item whose deltas, from an earlier version, lack it. */
function kindOf(events: StoredEvent[], itemId: string): string {
  for (const event of events) {
    if (!isThreadEvent(event) || event.type !== "item.started") continue;
    if (event.item.id === itemId) return event.item.type;
  }
  return "agent_message";
}

/** The command that was started last and has not ended, as codex names it. */
export function runningCommand(events: StoredEvent[]): string | null {
  const ended = new Set<string>();
  for (const event of events.toReversed()) {
    if (!isThreadEvent(event) || !("item" in event)) continue;
    const { item } = event;
    if (event.type === "item.completed") ended.add(item.id);
    else if (item.type === "command_execution" && !ended.has(item.id)) {
      return item.command;
    }
  }
  return null;
}
