/** Events as single short lines, for those who watch from afar. Pure. */
import {
  isThreadEvent,
  type StoredEvent,
  type ThreadItem,
} from "../events/thread_event.ts";
import { cut } from "./cut.ts";
import { requestLine } from "./request_line.ts";

/** No line is longer, in characters. */
export const MAX_LINE = 200;

/** How much of a line a request may take: `22cbd36b #12345 [approval] ` comes before it. */
const MAX_REQUEST = MAX_LINE - 28;

/** A line worth showing. */
export interface WatchLine {
  text: string;
  /** Must be shown however many others come: somebody waits for an answer. */
  urgent: boolean;
}

/** The line for an event, or null when it is not worth one. */
export function watchLine(
  turnId: string,
  event: StoredEvent,
): WatchLine | null {
  if (!isThreadEvent(event)) return null;
  const line = (text: string, urgent = false): WatchLine => ({ text, urgent });
  switch (event.type) {
    case "thread.started":
      return line(`[thread] ${event.thread_id}`);
    case "item.started":
      return event.item.type === "command_execution"
        ? line(`[command] ${event.item.command} …`)
        : null;
    case "item.completed": {
      const text = itemLine(event.item);
      return text === null ? null : line(text);
    }
    case "request.opened":
      return line(
        `[approval] ${requestLine(turnId, event.request, MAX_REQUEST)}`,
        true,
      );
    case "request.resolved":
      return line(`[approval] ${event.request_id}: ${event.outcome}`, true);
    case "turn.steered":
      return line(`[steer] ${event.text}`);
    case "turn.steer_refused":
      return line(`[steer] not taken (${event.reason}): ${event.text}`);
    case "error":
      return line(
        `${
          event.message.startsWith("Reconnecting") ? "[retry]" : "[error]"
        } ${event.message}`,
      );
    default:
      return null;
  }
}

function itemLine(item: ThreadItem): string | null {
  switch (item.type) {
    case "agent_message":
      return `[message] ${item.text}`;
    case "reasoning":
      return item.text === "" ? null : `[reasoning] ${item.text}`;
    case "command_execution":
      return `[command] ${item.command} → ${
        typeof item.exit_code === "number" ? item.exit_code : item.status
      }`;
    case "file_change":
      return `[files] ${
        item.changes.map(({ kind, path }) => `${kind} ${path}`).join(", ")
      }`;
    case "mcp_tool_call":
      return `[tool] ${item.server}.${item.tool} → ${item.status}`;
    case "web_search":
      return `[search] ${item.query}`;
    case "error":
      return `[warning] ${item.message}`;
    default:
      return null;
  }
}

/** `text` on one line of at most MAX_LINE characters. */
export function shortLine(text: string): string {
  const flat = text.replace(/\s+/g, " ").trim();
  return cut(flat, MAX_LINE);
}
