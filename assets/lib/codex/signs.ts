/** What a message of codex says about whether it is alive, and what it waits for. */
import type { Notification } from "./rpc.ts";

/** A sign of life. */
export type Sign =
  /** Codex sent something, about this thread or any other. */
  | { kind: "life" }
  /**
   * All calls of the model have been answered and it is asked again: a command that still
   * runs is in the background, and codex does not wait for it.
   */
  | { kind: "answered" }
  /** An MCP server is starting, which has its own time limit; or it no longer is. */
  | { kind: "server"; name: string; starting: boolean };

/**
 * The sign that a notification gives. Codex 0.171.0 reports the tokens of a model's
 * request once the calls that it caused are over.
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
