/** The settings of a turn from codex's session files of any version, in our words. */
import type {
  ApprovalPolicy,
  SandboxPolicy,
  ThreadSettings,
} from "../domain/permissions.ts";

type Fields = Record<string, unknown>;

/** Reads a `turn_context`, or the `thread_settings` of a thread that has none. */
export function settingsOf(context: unknown): ThreadSettings {
  const fields = fieldsOf(context);
  const profile = fieldsOf(fields.active_permission_profile).id;
  const cwd = textOf(fields.cwd);
  return {
    model: textOf(fields.model),
    cwd,
    approvals: approvalsOf(fields.approval_policy),
    reviewer: textOf(fields.approvals_reviewer),
    profile: textOf(profile),
    policy: fields.sandbox_policy === undefined
      ? policyOfProfile(fieldsOf(fields.permission_profile), cwd)
      : policyOf(fieldsOf(fields.sandbox_policy)),
  };
}

/**
 * `on-failure` is an old value that the app-server no longer accepts: it asked after a
 * command failed in the sandbox, as `on-request` does. An unknown value asks most.
 */
function approvalsOf(policy: unknown): ApprovalPolicy | null {
  switch (policy) {
    case undefined:
    case null:
      return null;
    case "never":
    case "on-request":
    case "untrusted":
      return policy;
    case "on-failure":
      return "on-request";
  }
  const granular = fieldsOf(policy).granular;
  return typeof granular === "object" && granular !== null
    ? { granular: granular as Record<string, boolean> }
    : "untrusted";
}

/** `sandbox_policy`: its kind is `type`, in the first files `mode`. */
function policyOf(policy: Fields): SandboxPolicy | null {
  switch (policy.type ?? policy.mode) {
    case "danger-full-access":
      return { type: "dangerFullAccess" };
    case "read-only":
      return {
        type: "readOnly",
        networkAccess: policy.network_access === true,
      };
    case "external-sandbox":
      return {
        type: "externalSandbox",
        networkAccess: policy.network_access === "enabled"
          ? "enabled"
          : "restricted",
      };
    case "workspace-write":
      return {
        type: "workspaceWrite",
        writableRoots: textsOf(policy.writable_roots),
        networkAccess: policy.network_access === true,
        excludeTmpdirEnvVar: policy.exclude_tmpdir_env_var === true,
        excludeSlashTmp: policy.exclude_slash_tmp === true,
      };
    default:
      return null;
  }
}

/** The policy equal to `permission_profile`, for records that have nothing else. */
function policyOfProfile(profile: Fields, cwd: string | null) {
  if (profile.type === "disabled") return policyOf({ type: FULL_ACCESS });
  if (profile.type !== "managed") return null;
  const entries = fieldsOf(profile.file_system).entries;
  const written = (Array.isArray(entries) ? entries : [])
    .filter(({ access }) => access === "write")
    .map(({ path }) => path);
  const network = profile.network === "enabled";
  if (written.length === 0) {
    return policyOf({ type: "read-only", network_access: network });
  }
  const special = (kind: string) =>
    written.some((path) => path?.value?.kind === kind);
  return policyOf({
    type: "workspace-write",
    writable_roots: textsOf(written.map((path) => path?.path))
      .filter((path) => path !== cwd),
    network_access: network,
    exclude_tmpdir_env_var: !special("tmpdir"),
    exclude_slash_tmp: !special("slash_tmp"),
  });
}

const FULL_ACCESS = "danger-full-access";

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? value as Fields : {};

const textOf = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value : null;

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).filter((text) =>
    typeof text === "string"
  );
