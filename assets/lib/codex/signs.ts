/** What a message of codex says about its being alive, and about what it waits for. */
import type { Notification } from "./rpc.ts";

/** A sign of life. */
export type Sign =
  /** Codex sent something, about this thread or any other. */
  | { kind: "life" }
  /**
   * All calls of the model have been answered and it is asked again: a command that still
   * runs does so in the background, and codex does not wait for it.
   */
  | { kind: "answered" }
  /** An MCP server is on its way, which has a limit of its own; or it is not any more. */
  | { kind: "server"; name: string; starting: boolean };

/**
 * The sign that a notification is. Codex 0.171.0 tells the use of tokens of a model's
 * request when the calls that it led to are over.
 */
export function signOf(
  { method, params }: Notification,
  threadId: string,
): Sign {
  if (method === "thread/tokenUsage/updated" && params.threadId === threadId) {
    return { kind: "answered" };
  }
  if (method === "mcpServer/startupStatus/updated") {
    const name = String(params.name);
    return { kind: "server", name, starting: params.status === "starting" };
  }
  return { kind: "life" };
}
