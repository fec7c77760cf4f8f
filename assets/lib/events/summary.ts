/**
 * The summary of a turn, folded from its events: the same function serves the worker as
 * events come and a reader of a turn whose worker died before result.json.
 */
import {
  isThreadEvent,
  type RateLimit,
  type StoredEvent,
  type UnfinishedAgent,
  type UnfinishedGoal,
  type Usage,
} from "./thread_event.ts";

/** The summary of a turn's events so far. */
export interface TurnSummary {
  thread_id: string | null;
  /** What the agent said last, its final message where it gave one. */
  text: string;
  /** It gave a final message that is not empty. */
  answered: boolean;
  /** Sub-agents that were cut off with the turn. */
  agents_cut_off: UnfinishedAgent[];
  /** A goal of the thread that is not complete. */
  goal: UnfinishedGoal | null;
  usage: Usage | null;
  /** Paths that file changes touched, each once, in the order of their first change. */
  files_changed: string[];
  /** How the turn ended by its events; null while it has not. */
  ended: "completed" | "failed" | null;
  /** The message of turn.failed, else of the last error that was reported. */
  error: string | null;
  /** Our word for it, where the engine knew it. */
  error_code: string | null;
  /** The latest quota. */
  rate_limits:
    | { primary: RateLimit | null; secondary: RateLimit | null }
    | null;
}

/** Items that the model waits for: it speaks again when they are over. */
const WORK = new Set(["command_execution", "file_change", "mcp_tool_call"]);

/** The summary before the first event. */
export const EMPTY_SUMMARY: TurnSummary = {
  thread_id: null,
  text: "",
  answered: false,
  agents_cut_off: [],
  goal: null,
  usage: null,
  files_changed: [],
  ended: null,
  error: null,
  error_code: null,
  rate_limits: null,
};

/** The summary after one more event. The first terminal event wins. */
export function summarize(
  summary: TurnSummary,
  event: StoredEvent,
): TurnSummary {
  if (!isThreadEvent(event) || summary.ended) return summary;
  switch (event.type) {
    case "thread.started":
      return { ...summary, thread_id: event.thread_id };
    case "turn.completed":
      return {
        ...summary,
        ended: "completed",
        usage: event.usage,
        error: null,
      };
    case "turn.failed":
      return {
        ...summary,
        ended: "failed",
        error: event.error.message,
        error_code: event.error.code ?? null,
      };
    case "rate_limits":
      return {
        ...summary,
        rate_limits: { primary: event.primary, secondary: event.secondary },
      };
    case "error":
      return { ...summary, error: event.message };
    case "turn.unfinished":
      return { ...summary, agents_cut_off: event.agents, goal: event.goal };
    case "item.started":
      // An agent still at work has not given its final message.
      return WORK.has(event.item.type)
        ? { ...summary, answered: false }
        : summary;
    case "item.completed": {
      const { item } = event;
      if (item.type === "agent_message") {
        const answered = item.text.trim() !== "" && item.phase !== "commentary";
        return { ...summary, text: item.text, answered };
      }
      if (item.type === "file_change" && item.status === "completed") {
        const paths = item.changes.flatMap(({ path, move_path: moved }) =>
          moved === undefined ? [path] : [path, moved]
        );
        return {
          ...summary,
          files_changed: [...new Set([...summary.files_changed, ...paths])],
        };
      }
      return summary;
    }
    default:
      return summary;
  }
}
