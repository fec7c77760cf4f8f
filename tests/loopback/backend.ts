/** What the ChatGPT backend answers to the calls that codex makes beside the model's turns. */

import { accessToken, ACCOUNT_ID } from "./access_token.ts";
import type { ModelRequest } from "./model_request.ts";

/** An answer of the backend; without a body when it is undefined. */
export interface BackendAnswer {
  status: number;
  body: unknown;
}

/** The answer to a request of kind `backend`; 404 for what codex is not known to ask. */
export function answerBackend(request: ModelRequest): BackendAnswer {
  const path = request.path.replace(/\?.*$/, "");
  for (const [end, answer] of ANSWERS) {
    if (path.endsWith(end)) return answer(request);
  }
  return { status: 404, body: { detail: "Not Found" } };
}

const ANSWERS: [end: string, (request: ModelRequest) => BackendAnswer][] = [
  ["/oauth/token", () =>
    ok({
      id_token: accessToken(),
      access_token: accessToken(),
      refresh_token: "loopback-refresh-token",
    })],
  // An empty list leaves codex with the catalogue that it brings.
  ["/models", () => ok({ models: [] })],
  ["/wham/usage", () => ok(usage())],
  ["/wham/accounts/check", () =>
    ok({
      accounts: [{
        id: ACCOUNT_ID,
        name: null,
        structure: "personal",
        plan_type: "pro",
        // account/read of the app-server wants both and takes no http origin; nothing listens at this one.
        workspace_backend_origin: "https://127.0.0.1:1",
        account_routing_override: "NO_CONSTRAINT",
      }],
      account_ordering: [ACCOUNT_ID],
    })],
  ["/wham/settings/user", () => ok({})],
  ["/plugins/installed", () => ok(emptyPage())],
  ["/plugins/list", () => ok(emptyPage())],
  ["/plugins/suggested/codex", () => ok({ plugins: [] })],
  ["/plugins/tooling-state/turtle", () => ok({})],
  ["/analytics-events/events", () => ok({})],
  ["/ps/mcp", answerMcp],
];

function ok(body: unknown): BackendAnswer {
  return { status: 200, body };
}

/** A session limit and a weekly one, both hardly used, as the headers of a model's response tell them too. */
export function rateLimitHeaders(): Record<string, string> {
  return {
    "x-codex-plan-type": "pro",
    "x-codex-primary-used-percent": "12",
    "x-codex-primary-window-minutes": "300",
    "x-codex-primary-reset-at": String(resetAt(9000)),
    "x-codex-secondary-used-percent": "34",
    "x-codex-secondary-window-minutes": "10080",
    "x-codex-secondary-reset-at": String(resetAt(200_000)),
  };
}

function usage() {
  const window = (used: number, length: number, after: number) => ({
    used_percent: used,
    limit_window_seconds: length,
    reset_after_seconds: after,
    reset_at: resetAt(after),
  });
  return {
    plan_type: "pro",
    rate_limit: {
      allowed: true,
      limit_reached: false,
      primary_window: window(12, 18_000, 9000),
      secondary_window: window(34, 604_800, 200_000),
    },
    credits: { has_credits: false, unlimited: false, balance: null },
  };
}

function resetAt(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

function emptyPage() {
  return { plugins: [], pagination: { limit: 200, next_page_token: null } };
}

/** An MCP server without tools: codex connects to the ChatGPT apps at its start. */
function answerMcp(request: ModelRequest): BackendAnswer {
  if (request.method !== "POST") return { status: 405, body: undefined };
  const { id, method } = request.body ?? {};
  if (id === undefined) return { status: 202, body: undefined };
  const results: Record<string, unknown> = {
    initialize: {
      protocolVersion: "2025-06-18",
      capabilities: { tools: {} },
      serverInfo: { name: "loopback", version: "1.0.0" },
    },
    "tools/list": { tools: [] },
    "resources/list": { resources: [] },
    "resources/templates/list": { resourceTemplates: [] },
    ping: {},
  };
  const result = results[String(method)];
  return ok(
    result === undefined
      ? { jsonrpc: "2.0", id, error: { code: -32601, message: "Not found" } }
      : { jsonrpc: "2.0", id, result },
  );
}
