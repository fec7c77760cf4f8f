/** `--network` and `--add-dir` widen a sandbox that may write; alone they would do nothing. */
import { usageError } from "../cli/errors.ts";
import { readConfigToml, topLevelString } from "../codex/config_toml.ts";
import { type Inherited, modeOf } from "../domain/permissions.ts";
import { lstatIfExists } from "../system/files.ts";
import type { TurnFlags } from "./turn_flags.ts";

/** Words of config.toml with which codex itself can decide on writing. */
const MAY_WRITE = /\b(trust_level|default_permissions|permissions)\b/;

/**
 * Refuses a flag that would have no effect. Where only codex can tell (a trusted directory,
 * a permission profile, a configuration of the project) the flags are accepted.
 * @param inherited permissions of the thread's last turn, null without one
 * @throws {CliError} code `usage`
 */
export function requireWriteAccess(
  { sandbox, network, addDirs, config }: TurnFlags,
  inherited: Inherited | null,
  cwd: string,
): void {
  const flag = network ? "--network" : addDirs.length > 0 ? "--add-dir" : null;
  if (flag === null) return;
  const kept = inherited?.kind === "kept" ? inherited : null;
  if (kept?.profile?.startsWith(":") === false) {
    throw usageError(
      `${flag} cannot widen the permission profile ${kept.profile} of the thread's last turn`,
      "add --write, which sets it aside, or change the profile",
    );
  }
  const threads = kept && modeOf(kept.policy);
  const toml = readConfigToml();
  const mode = sandbox ?? threads ?? overridden(config, "sandbox_mode") ??
    topLevelString(toml, "sandbox_mode");
  if (mode === "workspace-write" || mode === "danger-full-access") return;
  const codexDecides = mode === null &&
    (MAY_WRITE.test(toml) || MAY_WRITE.test(config.join("\n")) ||
      lstatIfExists(`${cwd}/.codex/config.toml`) !== null);
  if (codexDecides) return;
  throw usageError(
    `${flag} has no effect where codex may only read`,
    "add --write, or leave it out",
  );
}

/** What the last `--config key=value` says. */
function overridden(config: string[], key: string): string | null {
  const entry = config.findLast((entry) => entry.startsWith(`${key}=`));
  return entry?.slice(key.length + 1).replace(/^(["'])(.*)\1$/, "$2") ?? null;
}
