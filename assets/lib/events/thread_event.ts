/**
 * The vocabulary of events.jsonl: the ThreadEvent union of `@openai/codex-sdk`, and the
 * few event types that only a streaming engine can give. Names and shapes are the SDK's
 * (its `dist/index.d.ts`), so that a program written for the SDK reads our files.
 */

/** Tokens of one turn. */
export interface Usage {
  input_tokens: number;
  cached_input_tokens: number;
  output_tokens: number;
  reasoning_output_tokens?: number;
}

export type ItemStatus = "in_progress" | "completed" | "failed" | "declined";

export interface FileChange {
  path: string;
  kind: "add" | "delete" | "update";
}

/** One piece of a turn; `id` is unique within the turn. */
export type ThreadItem =
  & { id: string }
  & (
    | { type: "agent_message"; text: string }
    | { type: "reasoning"; text: string }
    | {
      type: "command_execution";
      command: string;
      aggregated_output: string;
      exit_code?: number | null;
      status: ItemStatus;
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
    }
    | { type: "web_search"; query: string }
    | { type: "todo_list"; items: { text: string; completed: boolean }[] }
    | { type: "error"; message: string }
  );

export type ThreadEvent =
  | { type: "thread.started"; thread_id: string }
  | { type: "turn.started" }
  | { type: "turn.completed"; usage: Usage }
  | { type: "turn.failed"; error: { message: string } }
  | {
    type: "item.started" | "item.updated" | "item.completed";
    item: ThreadItem;
  }
  /** Text as it is spoken, batched; the deltas of an item concatenate to its text. */
  | { type: "item.delta"; item_id: string; delta: string }
  /** Not fatal: codex reports its reconnects so. `turn.failed` is what ends a turn. */
  | { type: "error"; message: string };

/** What a line of events.jsonl holds: a known event, or one of a newer codex, kept as it came. */
export type StoredEvent = ThreadEvent | {
  type: string;
  [field: string]: unknown;
};

const KNOWN = new Set([
  "thread.started",
  "turn.started",
  "turn.completed",
  "turn.failed",
  "item.started",
  "item.updated",
  "item.completed",
  "item.delta",
  "error",
]);

/** Whether `event` is of a type that this version knows. */
export function isThreadEvent(event: StoredEvent): event is ThreadEvent {
  return KNOWN.has(event.type);
}

/** Whether `event` says how the turn ended. */
export function isTerminal(
  event: StoredEvent,
): event is Extract<ThreadEvent, { type: "turn.completed" | "turn.failed" }> {
  return event.type === "turn.completed" || event.type === "turn.failed";
}
