/**
 * The part of the app-server protocol that is used here, picked by hand. Names and shapes
 * are those of `codex app-server generate-ts`; a contract test holds them against the
 * schema of the binary at hand.
 */

export interface TokenUsageBreakdown {
  inputTokens: number;
  cachedInputTokens: number;
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
  sandbox: { type: string; networkAccess?: unknown };
  reasoningEffort: string | null;
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
