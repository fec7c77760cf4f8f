/** Items that end, in the words that out.txt and `watch` share. Pure. */
import type { ThreadItem } from "../events/thread_event.ts";
import { cut } from "./cut.ts";
import { oneLine } from "./one_line.ts";
import { took } from "./took.ts";

/** An item of one type. */
export type ItemOf<Type extends ThreadItem["type"]> = Extract<
  ThreadItem,
  { type: Type }
>;

/** How much of a command is repeated when it ends, in characters: it was printed in full before. */
export const REPEATED = 80;

/** A command that has begun, or has ended: `ls → exit 0, 0.1 s`; `limit` cuts the command, never how it ended. */
export function commandText(
  item: ItemOf<"command_execution">,
  ended: boolean,
  limit = Infinity,
): string {
  return withEnd(
    oneLine(item.command),
    ended
      ? typeof item.exit_code === "number"
        ? `exit ${item.exit_code}`
        : item.status
      : null,
    item.duration_ms,
    limit,
  );
}

/** A call of an MCP server's tool, the same way: `docs.search → completed, 1.2 s`. */
export function toolText(
  item: ItemOf<"mcp_tool_call">,
  ended: boolean,
  limit = Infinity,
): string {
  return withEnd(
    oneLine(`${item.server}.${item.tool}`),
    ended
      ? oneLine(item.error ? `failed: ${item.error.message}` : item.status)
      : null,
    item.duration_ms,
    limit,
  );
}

function withEnd(
  what: string,
  end: string | null,
  durationMs: number | undefined,
  limit: number,
): string {
  if (end === null) return cut(what, limit);
  const time = typeof durationMs === "number" ? `, ${took(durationMs)}` : "";
  const tail = ` → ${end}${time}`;
  return cut(what, Math.max(1, limit - tail.length)) + tail;
}
