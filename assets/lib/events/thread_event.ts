/**
 * The vocabulary of events.jsonl: the ThreadEvent union of `@openai/codex-sdk`, and the
 * few event types that only a streaming engine can give. Names and shapes are the SDK's
 * (its `dist/index.d.ts`), so that a program written for the SDK reads our files.
 */

import { type FileChange, hasChanges } from "./file_change.ts";
import { hasRequest, type PendingRequest } from "./request.ts";
import { both, type Check, each, fieldsOf, has, mayHave } from "./shape.ts";

export type { FileChange, PendingRequest };
export type { Question } from "./request.ts";

/** Tokens of one turn. */
export interface Usage {
  input_tokens: number;
  cached_input_tokens: number;
  cache_write_input_tokens?: number;
  output_tokens: number;
  reasoning_output_tokens?: number;
}

/** How far a command, patch or tool call has come. */
export type ItemStatus =
  | "in_progress"
  | "completed"
  | "failed"
  | "declined"
  /** A word of a newer codex, as it came. */
  | (string & Record<never, never>);

/** One piece of a turn; `id` is unique within the turn. */
export type ThreadItem =
  & { id: string }
  & (
    | {
      type: "agent_message";
      text: string;
      /** `commentary` or `final_answer`. */
      phase?: string | null;
    }
    | { type: "reasoning"; text: string }
    | {
      type: "command_execution";
      command: string;
      aggregated_output: string;
      exit_code?: number | null;
      status: ItemStatus;
      /** How long it took; on one that has ended. */
      duration_ms?: number;
    }
    | { type: "file_change"; changes: FileChange[]; status: ItemStatus }
    | {
      type: "mcp_tool_call";
      server: string;
      tool: string;
      arguments?: unknown;
      result?: unknown;
      error?: { message: string } | null;
      status: ItemStatus;
      duration_ms?: number;
    }
    | { type: "web_search"; query: string; action?: unknown }
    | { type: "todo_list"; items: { text: string; completed: boolean }[] }
    | { type: "error"; message: string }
  );

/** Every event that this version knows. */
export type ThreadEvent =
  | { type: "thread.started"; thread_id: string }
  | { type: "turn.started" }
  | {
    type: "turn.completed";
    /** Null where codex does not say, as for a review. */
    usage: Usage | null;
    /** Since `new` was called. */
    duration_ms?: number;
  }
  | {
    type: "turn.failed";
    error: {
      message: string;
      /** Our word for it, where the engine knows. */
      code?: string;
    };
  }
  | {
    type: "item.started" | "item.updated" | "item.completed";
    item: ThreadItem;
  }
  /** Streamed text, batched; the deltas of an item concatenate to its text. */
  | {
    type: "item.delta";
    item_id: string;
    /** The type of its item; events of an earlier version do not say it. */
    kind?: string;
    delta: string;
  }
  /** The item was cut off by a retry, a steer or an interrupt: its text does not count. */
  | { type: "item.dropped"; item_id: string }
  /** Codex asks; the turn waits until somebody answers or the time is up. */
  | { type: "request.opened"; request: PendingRequest }
  | { type: "request.resolved"; request_id: string; outcome: string }
  /** The user added words to the turn, and codex took them. */
  | { type: "turn.steered"; text: string }
  /** Words kept for codex that it did not take. */
  | { type: "turn.steer_refused"; text: string; reason: string }
  /** How much of the account's quota is used, as the service last said. */
  | {
    type: "rate_limits";
    primary: RateLimit | null;
    secondary: RateLimit | null;
  }
  /** What is cut off, or not reached, at the end of the turn; comes just before that end. */
  | {
    type: "turn.unfinished";
    agents: UnfinishedAgent[];
    goal: UnfinishedGoal | null;
  }
  /** Not fatal, such as codex's reconnects. `turn.failed` is what ends a turn. */
  | { type: "error"; message: string };

/** A sub-agent that worked when the turn ended: codex ends it with the turn. */
export interface UnfinishedAgent {
  thread_id: string;
  /** Codex's path of it, such as `/root/reviewer`, else its thread's id. */
  name: string;
}

/** A goal of the thread that is not complete. */
export interface UnfinishedGoal {
  objective: string;
  /** Codex's word: active, paused, blocked, usageLimited or budgetLimited. */
  status: string;
}

/** A window of the account's quota. */
export interface RateLimit {
  used_percent: number;
  window_minutes: number | null;
  /** ISO 8601. */
  resets_at: string | null;
}

/** A line of events.jsonl: a known event, or one of a newer codex, kept as it came. */
export type StoredEvent = ThreadEvent | {
  type: string;
  [field: string]: unknown;
};

const ITEMS = new Map<unknown, Check>([
  ["agent_message", has("text")],
  ["reasoning", has("text")],
  ["command_execution", both(has("command"), mayHave("status"))],
  ["file_change", both(hasChanges, mayHave("status"))],
  [
    "mcp_tool_call",
    (item) =>
      has("server", "tool", "status")(item) &&
      (!item.error || has("message")(item.error)),
  ],
  ["web_search", has("query")],
  ["todo_list", ({ items }) => each(items, has("text"))],
  ["error", has("message")],
]);

/** An item of an unknown type only needs its id and type. */
const hasItem: Check = ({ item }) =>
  has("id", "type")(item) &&
  (ITEMS.get(fieldsOf(item).type)?.(fieldsOf(item)) ?? true);

/** The fields that are read of each type of event must exist. */
const KNOWN = new Map<string, Check>([
  ["thread.started", has("thread_id")],
  ["turn.started", () => true],
  ["turn.completed", () => true],
  ["turn.failed", ({ error }) => has("message")(error)],
  ["item.started", hasItem],
  ["item.updated", hasItem],
  ["item.completed", hasItem],
  ["item.delta", both(has("item_id", "delta"), mayHave("kind"))],
  ["item.dropped", has("item_id")],
  ["request.opened", hasRequest],
  ["request.resolved", has("request_id", "outcome")],
  ["turn.steered", has("text")],
  ["turn.steer_refused", has("text", "reason")],
  ["rate_limits", () => true],
  [
    "turn.unfinished",
    ({ agents, goal }) =>
      each(agents, has("name")) &&
      (!goal || has("objective", "status")(goal)),
  ],
  ["error", has("message")],
]);

/**
 * Whether `event` is one that this version knows, by its type and its shape: what another
 * version of codex reports in another shape is ignored like an unknown type.
 */
export function isThreadEvent(event: StoredEvent): event is ThreadEvent {
  return KNOWN.get(event.type)?.(event) ?? false;
}

/** Whether `event` says how the turn ended. */
export function isTerminal(
  event: StoredEvent,
): event is Extract<ThreadEvent, { type: "turn.completed" | "turn.failed" }> {
  return event.type === "turn.completed" || event.type === "turn.failed";
}
