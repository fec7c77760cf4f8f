/**
 * What a turn of `codex exec` may touch. Resumed without options, exec uses the current
 * configuration, not what the thread's last turn had.
 */
import {
  modeOf,
  type SandboxMode,
  type SandboxPolicy,
} from "../domain/permissions.ts";
import { readConfigToml, topLevelString } from "./config_toml.ts";
import type { TurnRequest } from "./engine.ts";

/** A sandbox mode, or null, and settings as `key=value`. */
export interface ExecPermissions {
  mode: SandboxMode | null;
  config: string[];
}

/** The permissions of a turn, from its flags and what its thread had. */
export function execPermissions(
  { sandbox, network, inherited }: Pick<
    TurnRequest,
    "sandbox" | "network" | "inherited"
  >,
): ExecPermissions {
  if (sandbox !== null || inherited === null) {
    return { mode: sandbox, config: [] };
  }
  if (inherited.kind === "left") {
    // Exec cannot report what applies in the other directory; the file names a profile.
    const profile = topLevelString(readConfigToml(), "default_permissions");
    return profile === null ? { mode: "read-only", config: [] } : by(profile);
  }
  const { profile, policy } = inherited;
  if (profile !== null && !profile.startsWith(":")) return by(profile);
  return { mode: modeOf(policy), config: settingsOf(policy, network) };
}

const by = (profile: string): ExecPermissions => ({
  mode: null,
  config: [`default_permissions=${JSON.stringify(profile)}`],
});

/** The settings of the workspace-write sandbox; `--network` overrides the thread's own. */
function settingsOf(
  policy: SandboxPolicy | null,
  network: boolean | null,
): string[] {
  if (policy?.type !== "workspaceWrite") return [];
  return Object.entries({
    writable_roots: policy.writableRoots,
    network_access: network ?? policy.networkAccess,
    exclude_tmpdir_env_var: policy.excludeTmpdirEnvVar,
    exclude_slash_tmp: policy.excludeSlashTmp,
  }).map(([key, value]) =>
    `sandbox_workspace_write.${key}=${JSON.stringify(value)}`
  );
}
