/**
 * What a turn may touch, as the app-server is told: by what the thread is opened, and what
 * its turn is given. Nothing is sent that neither a flag nor the thread's last turn says,
 * where codex finds it by itself.
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
  /** For the turn, or the settings of a thread that is reviewed on. */
  turn: { sandboxPolicy?: SandboxPolicy; permissions?: string };
}

/** What a turn asks for of its permissions. */
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
 * goes before a sandbox mode, as it does in codex.
 */
export function permissionsOf(
  asked: Asked,
  config: EffectiveConfig,
): TurnPermissions {
  const { sandbox, inherited } = asked;
  if (sandbox !== null) return byPolicy(policyOf(sandbox, asked, config));
  if (inherited?.kind === "kept") {
    // Codex takes a profile up by itself; `turnPermissions` makes sure that it did.
    return inherited.profile !== null || inherited.policy === null
      ? NOTHING
      : byPolicy(widened(inherited.policy, asked));
  }
  const profile = config.default_permissions;
  // One that only the directory's own configuration names holds where it is trusted already.
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
 * What the turn is given once the thread is open: the profile that codex did not take up,
 * so that it refuses the turn where it cannot, and what the flags add to a directory that
 * is trusted without being asked.
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
    // What codex's own profiles amount to is no loss.
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
