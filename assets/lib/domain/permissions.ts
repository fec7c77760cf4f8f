/** What a turn may touch and who is asked, in codex's own words; one type for all that use it. */

/** What the commands that codex runs may touch. */
export type SandboxMode =
  | "read-only"
  | "workspace-write"
  | "danger-full-access";

/** Codex's approval policy: a word, or which kinds of requests are asked. */
export type ApprovalPolicy = "never" | "on-request" | "untrusted" | {
  granular: Record<string, boolean>;
};

/** A sandbox mode with all its settings, as the app-server takes it. */
export type SandboxPolicy =
  | { type: "dangerFullAccess" }
  | { type: "readOnly"; networkAccess: boolean }
  | { type: "externalSandbox"; networkAccess: "restricted" | "enabled" }
  | {
    type: "workspaceWrite";
    writableRoots: string[];
    networkAccess: boolean;
    excludeTmpdirEnvVar: boolean;
    excludeSlashTmp: boolean;
  };

/** What the last turn of a thread ran with; null where its record does not say. */
export interface ThreadSettings {
  model: string | null;
  /** The directory that it worked in. */
  cwd: string | null;
  approvals: ApprovalPolicy | null;
  /** Who reviewed approval requests: `user`, `auto_review`, … */
  reviewer: string | null;
  /** The permission profile that it ran under: one of the user's, or codex's `:read-only`, … */
  profile: string | null;
  /** Its permissions; where there is a profile, only its equivalent. */
  policy: SandboxPolicy | null;
}

/**
 * What the next turn of a thread inherits of the last one's permissions. `kept`: all.
 * `left`: the thread could write, and continues in another directory, where that was not
 * allowed.
 */
export type Inherited =
  | { kind: "kept"; profile: string | null; policy: SandboxPolicy | null }
  | { kind: "left"; mode: SandboxMode };

/** The mode that a policy belongs to; null for a sandbox that codex does not make itself. */
export function modeOf(policy: SandboxPolicy | null): SandboxMode | null {
  switch (policy?.type) {
    case "dangerFullAccess":
      return "danger-full-access";
    case "readOnly":
      return "read-only";
    case "workspaceWrite":
      return "workspace-write";
    default:
      return null;
  }
}

const WIDTH: SandboxMode[] = [
  "read-only",
  "workspace-write",
  "danger-full-access",
];

/** Whether mode `a` allows more than `b`. */
export const isWider = (a: SandboxMode, b: SandboxMode): boolean =>
  WIDTH.indexOf(a) > WIDTH.indexOf(b);
