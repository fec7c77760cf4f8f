/** App-server items as items of our vocabulary (the SDK's names and shapes). */
import type { ItemStatus, ThreadItem } from "../events/thread_event.ts";
import { changesOf } from "./file_changes.ts";
import type { WireItem } from "./wire.ts";

/**
 * The item in our vocabulary. A type that the SDK has no name for keeps its fields, its
 * name in snake_case: `imageView` is `image_view`.
 */
export function toItem(item: WireItem): ThreadItem {
  const { id } = item;
  switch (item.type) {
    case "agentMessage":
      return {
        id,
        type: "agent_message",
        text: text(item.text),
        phase: nullable(item.phase),
      };
    case "reasoning":
      return { id, type: "reasoning", text: reasoningText(item) };
    case "commandExecution":
      return {
        id,
        type: "command_execution",
        command: text(item.command),
        aggregated_output: text(item.aggregatedOutput),
        exit_code: typeof item.exitCode === "number" ? item.exitCode : null,
        status: statusOf(item.status),
        ...duration(item),
      };
    case "fileChange":
      return {
        id,
        type: "file_change",
        changes: changesOf(item.changes),
        status: statusOf(item.status),
      };
    case "mcpToolCall":
      return {
        id,
        type: "mcp_tool_call",
        server: text(item.server),
        tool: text(item.tool),
        arguments: item.arguments,
        result: item.result,
        error: item.error as { message: string } | null,
        status: statusOf(item.status),
        ...duration(item),
      };
    case "webSearch":
      return {
        id,
        type: "web_search",
        query: text(item.query),
        ...(item.action ? { action: item.action } : {}),
      };
    default:
      return { ...item, type: snakeCase(item.type) } as unknown as ThreadItem;
  }
}

const text = (value: unknown): string => typeof value === "string" ? value : "";
const nullable = (value: unknown): string | null =>
  typeof value === "string" ? value : null;

/** How long it took, once that is known. */
const duration = ({ durationMs }: WireItem): { duration_ms?: number } =>
  typeof durationMs === "number" ? { duration_ms: durationMs } : {};

/** Summaries where there are any, else the raw reasoning of an open model. */
function reasoningText({ summary, content }: WireItem): string {
  const parts = Array.isArray(summary) && summary.length > 0
    ? summary
    : content;
  return Array.isArray(parts) ? parts.join("\n\n") : "";
}

const STATUS = new Map<unknown, ItemStatus>([
  ["inProgress", "in_progress"],
  ["completed", "completed"],
  ["failed", "failed"],
  ["declined", "declined"],
]);

/** An unknown status is kept: a default would be a guess. */
const statusOf = (status: unknown): ItemStatus =>
  STATUS.get(status) ??
    (typeof status === "string" ? snakeCase(status) : "unknown");

const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
