/**
 * What a turn may touch, as the app-server receives it: in the call that opens the thread,
 * and in its turn. What codex finds by itself is sent only where a flag or the thread's
 * last turn says it.
 */
import {
  isWider,
  type SandboxMode,
  type SandboxPolicy,
} from "../domain/permissions.ts";
import type { TurnRequest } from "./engine.ts";
import type { EffectiveConfig, ThreadOpened } from "./wire.ts";

/**
 * The part of the calls that is about permissions.
 *
 * A new thread is opened read-only wherever its turn may write: opened with a looser
 * sandbox or profile, codex would write `trust_level = "trusted"` for the directory into
 * the user's config.toml.
 */
export interface TurnPermissions {
  /** For thread/start, thread/resume or thread/fork. */
  open: { sandbox?: "read-only"; permissions?: string };
  /** For the turn, or the settings of a thread that runs a review. */
  turn: { sandboxPolicy?: SandboxPolicy; permissions?: string };
}

/** The permissions that a turn asks for. */
export type Asked = Pick<
  TurnRequest,
  "sandbox" | "network" | "addDirs" | "inherited" | "experimental"
>;

/** Codex's own profile, which every version with profiles has. */
const READ_ONLY = ":read-only";

const NOTHING: TurnPermissions = { open: {}, turn: {} };

const byPolicy = (sandboxPolicy: SandboxPolicy): TurnPermissions => ({
  open: { sandbox: "read-only" },
  turn: { sandboxPolicy },
});

/**
 * What to send, from the flags, the thread's last turn, and the configuration. A profile
 * overrides a sandbox mode, as it does in codex.
 */
export function permissionsOf(
  asked: Asked,
  config: EffectiveConfig,
): TurnPermissions {
  const { sandbox, inherited } = asked;
  if (sandbox !== null) return byPolicy(policyOf(sandbox, asked, config));
  if (inherited?.kind === "kept") {
    // Codex restores a profile by itself; `turnPermissions` checks that it did.
    return inherited.profile !== null || inherited.policy === null
      ? NOTHING
      : byPolicy(widened(inherited.policy, asked));
  }
  const profile = config.default_permissions;
  // One named only by the directory's configuration applies where that is trusted already.
  if (profile === READ_ONLY || profile && !asked.experimental) return NOTHING;
  if (profile) {
    return {
      open: { permissions: READ_ONLY },
      turn: { permissions: profile },
    };
  }
  const mode = config.sandbox_mode ?? null;
  if (inherited?.kind === "left") {
    const holds = mode !== null && !isWider(mode, inherited.mode);
    return byPolicy(policyOf(holds ? mode : "read-only", asked, config));
  }
  return mode === null ? NOTHING : byPolicy(policyOf(mode, asked, config));
}

/**
 * What the turn is given once the thread is open: the profile that codex did not restore,
 * so that it refuses the turn where it cannot, and what the flags add in a directory that
 * codex trusts by itself.
 */
export function turnPermissions(
  { turn }: TurnPermissions,
  asked: Asked,
  { sandbox, activePermissionProfile }: ThreadOpened,
): TurnPermissions["turn"] {
  const { inherited } = asked;
  if (inherited?.kind === "kept" && inherited.profile !== null) {
    const { profile, policy } = inherited;
    if (activePermissionProfile?.id === profile) return {};
    // A policy can replace codex's own profiles.
    return profile.startsWith(":") && policy !== null
      ? { sandboxPolicy: policy }
      : { permissions: profile };
  }
  const silent = Object.keys(turn).length === 0;
  const adds = asked.network !== null || asked.addDirs.length > 0;
  return silent && adds && sandbox.type === "workspaceWrite"
    ? { sandboxPolicy: widened(sandbox, asked) }
    : turn;
}

/** The policy of a mode, with what the configuration and the flags say of it. */
function policyOf(
  mode: SandboxMode,
  { network, addDirs }: Asked,
  { sandbox_workspace_write: write }: EffectiveConfig,
): SandboxPolicy {
  switch (mode) {
    case "danger-full-access":
      return { type: "dangerFullAccess" };
    case "read-only":
      return { type: "readOnly", networkAccess: false };
    case "workspace-write":
      return {
        type: "workspaceWrite",
        writableRoots: [...write?.writable_roots ?? [], ...addDirs],
        networkAccess: network ?? write?.network_access ?? false,
        excludeTmpdirEnvVar: write?.exclude_tmpdir_env_var ?? false,
        excludeSlashTmp: write?.exclude_slash_tmp ?? false,
      };
  }
}

/** A policy with what the flags add; only one that writes can be widened. */
function widened(
  policy: SandboxPolicy,
  { network, addDirs }: Asked,
): SandboxPolicy {
  if (policy.type !== "workspaceWrite") return policy;
  return {
    ...policy,
    writableRoots: [...policy.writableRoots, ...addDirs],
    networkAccess: network ?? policy.networkAccess,
  };
}
