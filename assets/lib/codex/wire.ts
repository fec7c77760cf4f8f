/**
 * The part of the app-server protocol that is used here, picked by hand. Names and shapes
 * are those of `codex app-server generate-ts`; a contract test holds them against the
 * schema of the binary at hand.
 */

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

/** A turn as the server tells of it. */
export interface WireTurn {
  id: string;
  status: "completed" | "interrupted" | "failed" | "inProgress";
  error: TurnError | null;
}

/** What a turn may touch. */
export type SandboxPolicy =
  | { type: "dangerFullAccess" }
  | { type: "readOnly"; networkAccess: boolean }
  | {
    type: "workspaceWrite";
    writableRoots: string[];
    networkAccess: boolean;
    excludeTmpdirEnvVar: boolean;
    excludeSlashTmp: boolean;
  };

/** The answer to thread/start, thread/resume and thread/fork. */
export interface ThreadOpened {
  thread: { id: string };
  model: string;
  sandbox: SandboxPolicy | { type: "externalSandbox" };
  reasoningEffort: string | null;
}

/** The part of codex's configuration that decides on the sandbox and the MCP servers. */
export interface EffectiveConfig {
  sandbox_mode?: "read-only" | "workspace-write" | "danger-full-access" | null;
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
