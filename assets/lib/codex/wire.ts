/**
 * The part of the app-server protocol that is used here, picked by hand. Names and shapes
 * are those of `codex app-server generate-ts`; a contract test compares them with the
 * installed binary's schema.
 */
import type { SandboxMode, SandboxPolicy } from "../domain/permissions.ts";

/** Tokens of one request, or of a thread. */
export interface TokenUsageBreakdown {
  inputTokens: number;
  cachedInputTokens: number;
  cacheWriteInputTokens?: number;
  outputTokens: number;
  reasoningOutputTokens: number;
}

/** A window of the quota. */
export interface RateLimitWindow {
  usedPercent: number;
  windowDurationMins: number | null;
  /** Unix time in seconds. */
  resetsAt: number | null;
}

/** Why a turn failed, or what went wrong on the way. */
export interface TurnError {
  message: string;
  codexErrorInfo?: unknown;
  additionalDetails?: string | null;
}

/** A turn as the server reports it. */
export interface WireTurn {
  id: string;
  status: "completed" | "interrupted" | "failed" | "inProgress";
  error: TurnError | null;
}

/** The answer to thread/start, thread/resume and thread/fork. */
export interface ThreadOpened {
  thread: { id: string };
  model: string;
  sandbox: SandboxPolicy;
  /** The permission profile that the thread runs under, where it is one. */
  activePermissionProfile?: { id: string } | null;
  reasoningEffort: string | null;
}

/** The part of codex's configuration that decides on the sandbox and the MCP servers. */
export interface EffectiveConfig {
  /** A permission profile; it overrides `sandbox_mode`. */
  default_permissions?: string | null;
  sandbox_mode?: SandboxMode | null;
  sandbox_workspace_write?: {
    writable_roots: string[];
    network_access: boolean;
    exclude_tmpdir_env_var: boolean;
    exclude_slash_tmp: boolean;
  } | null;
  mcp_servers?: unknown;
}

/** A part of what the user says. */
export type UserInput =
  | { type: "text"; text: string; text_elements: never[] }
  | { type: "image"; url: string }
  | { type: "localImage"; path: string }
  | { type: "skill" | "mention"; name: string; path: string };

/** An item as it comes: `type` in camelCase, the rest by type. */
export interface WireItem {
  type: string;
  id: string;
  [field: string]: unknown;
}
