/** Events as single short lines, for a monitor. Pure. */
import {
  isThreadEvent,
  type StoredEvent,
  type ThreadItem,
} from "../events/thread_event.ts";
import { configurationWarning } from "../events/warning.ts";
import { changesText } from "./change_line.ts";
import { cut } from "./cut.ts";
import { commandText, toolText } from "./item_words.ts";
import { terminalLine } from "./one_line.ts";
import { requestLine } from "./request_line.ts";

/** Longest line, in characters, unless the command that it advises is longer. */
export const MAX_LINE = 200;

/** What comes before the text of a line: `22cbd36b #12345 [approval] `. */
const BEFORE_TEXT = 28;
const MAX_TEXT = MAX_LINE - BEFORE_TEXT;

/** A line worth showing. */
export interface WatchLine {
  text: string;
  /** Must be shown whole, however many others come: somebody waits for an answer. */
  urgent: boolean;
}

/** The turn that is watched, as far as its lines need it. */
export interface Watched {
  turnId: string;
  /** Paths below it are shown from there. */
  cwd: string | null;
  /** The turn has begun: what codex warned of before was its configuration. */
  begun: boolean;
}

/** The line for an event, or null when it is not worth one. */
export function watchLine(
  { turnId, cwd, begun }: Watched,
  event: StoredEvent,
): WatchLine | null {
  if (!isThreadEvent(event)) return null;
  if (configurationWarning(event, begun) !== null) return null;
  const line = (text: string, urgent = false): WatchLine => ({ text, urgent });
  switch (event.type) {
    case "thread.started":
      return line(`[thread] ${event.thread_id}`);
    case "item.started":
      return event.item.type === "command_execution"
        ? line(`[command] ${commandText(event.item, false, MAX_TEXT)}`)
        : null;
    case "item.completed": {
      const text = itemLine(event.item, cwd);
      return text === null ? null : line(text);
    }
    case "request.opened":
      return line(
        `[approval] ${requestLine(turnId, event.request, MAX_TEXT)}`,
        true,
      );
    case "request.resolved":
      return line(`[approval] ${event.request_id}: ${event.outcome}`, true);
    case "turn.steered":
      return line(`[steer] ${event.text}`);
    case "turn.steer_refused":
      return line(`[steer] not taken (${event.reason}): ${event.text}`);
    case "error":
      // Any other is repeated as the reason of the turn's failure.
      return event.message.startsWith("Reconnecting")
        ? line(`[retry] ${event.message}`)
        : null;
    default:
      return null;
  }
}

function itemLine(item: ThreadItem, cwd: string | null): string | null {
  switch (item.type) {
    case "agent_message":
      return `[message] ${item.text}`;
    case "reasoning":
      return item.text === "" ? null : `[reasoning] ${item.text}`;
    case "command_execution":
      return `[command] ${commandText(item, true, MAX_TEXT)}`;
    case "file_change":
      return `[files] ${item.status === "completed" ? "" : `${item.status}: `}${
        changesText(item.changes, cwd)
      }`;
    case "mcp_tool_call":
      return `[tool] ${toolText(item, true, MAX_TEXT)}`;
    case "web_search":
      return `[search] ${item.query}`;
    case "error":
      return `[warning] ${item.message}`;
    default:
      return null;
  }
}

/** A line that says `what`, then what to do: only `what` is cut. */
export function withAdvice(
  start: string,
  what: string,
  advice: string,
): string {
  const [head, said, tail] = [start, what, advice].map(flat);
  const left = MAX_LINE - head!.length - tail!.length - 2;
  return [head, cut(said!, Math.max(left, 20)), tail]
    .filter((part) => part !== "").join(" ");
}

/** `text` on one line of at most MAX_LINE characters. */
export const shortLine = (text: string): string => cut(flat(text), MAX_LINE);

/** `text` on one line, harmless on a terminal, blanks as single spaces. */
export const flat = (text: string): string =>
  terminalLine(text.replace(/\s+/g, " "));
