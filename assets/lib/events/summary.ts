/**
 * What a turn amounts to, folded from its events: the same function serves the worker as
 * events come and a reader that finds a turn whose worker died before result.json.
 */
import {
  isThreadEvent,
  type RateLimit,
  type StoredEvent,
  type Usage,
} from "./thread_event.ts";

/** What the events of a turn amount to so far. */
export interface TurnSummary {
  thread_id: string | null;
  /** The final agent message alone. */
  text: string;
  usage: Usage | null;
  /** Paths that file changes touched, each once, in the order of their first change. */
  files_changed: string[];
  /** How the turn ended by its events; null while it has not. */
  ended: "completed" | "failed" | null;
  /** The message of turn.failed, else of the last error that was reported. */
  error: string | null;
  /** Our word for it, where the engine knew it. */
  error_code: string | null;
  /** The quota as last told. */
  rate_limits:
    | { primary: RateLimit | null; secondary: RateLimit | null }
    | null;
}

/** The summary before the first event. */
export const EMPTY_SUMMARY: TurnSummary = {
  thread_id: null,
  text: "",
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
    case "item.completed": {
      const { item } = event;
      if (item.type === "agent_message") return { ...summary, text: item.text };
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
