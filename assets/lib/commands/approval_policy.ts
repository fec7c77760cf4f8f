/** `--approvals`: a word, or codex's granular policy as JSON; never half understood. */
import type { ParsedArguments } from "../cli/args.ts";
import { usageError } from "../cli/errors.ts";
import { readConfigToml, topLevelString } from "../codex/config_toml.ts";
import type { ApprovalPolicy } from "../domain/permissions.ts";

/** The kinds of requests that a granular policy decides on; codex's `AskForApproval`. */
const KINDS = [
  "sandbox_approval",
  "rules",
  "skill_approval",
  "request_permissions",
  "mcp_elicitations",
];
/** Those that codex requires. */
const REQUIRED = ["sandbox_approval", "rules", "mcp_elicitations"];

/**
 * The policy that `--approvals` names; `ask` is codex's `on-request`.
 * @throws {CliError} code `usage` for anything that is not wholly understood
 */
export function readApprovalPolicy(given: string | null): ApprovalPolicy {
  switch (given) {
    case null:
    case "never":
      return "never";
    case "ask":
    case "on-request":
      return "on-request";
    case "untrusted":
      return "untrusted";
  }
  return { granular: readGranular(given) };
}

function readGranular(text: string): Record<string, boolean> {
  const refuse = (why: string) =>
    usageError(
      `--approvals: ${why}`,
      `give never, ask, untrusted, on-request, or {"granular": {${
        REQUIRED.map((kind) => `"${kind}": true`).join(", ")
      }}}`,
    );
  let value: { granular?: unknown };
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse(`${JSON.stringify(text)} is not a policy`);
  }
  const others = typeof value === "object" && value !== null
    ? Object.keys(value).filter((key) => key !== "granular")
    : [];
  if (others.length > 0) {
    throw refuse(`${JSON.stringify(others[0])} is not a key of a policy`);
  }
  const granular = typeof value === "object" && value !== null
    ? value.granular
    : undefined;
  if (
    typeof granular !== "object" || granular === null || Array.isArray(granular)
  ) {
    throw refuse("a policy as JSON is an object with the key granular");
  }
  for (const [kind, on] of Object.entries(granular)) {
    if (!KINDS.includes(kind)) {
      throw refuse(`${JSON.stringify(kind)} is not a kind of request`);
    }
    if (typeof on !== "boolean") throw refuse(`${kind} must be true or false`);
  }
  const missing = REQUIRED.filter((kind) => !(kind in granular));
  if (missing.length > 0) throw refuse(`${missing.join(", ")} is missing`);
  const all = Object.fromEntries(KINDS.map((kind) => [kind, false]));
  return { ...all, ...granular };
}

/**
 * Refuses flags about requests where codex asks nobody.
 * @param policy what the turn will run with; null leaves it to codex's configuration
 * @throws {CliError} code `usage`
 */
export function requireAsking(
  { options }: ParsedArguments,
  policy: ApprovalPolicy | null,
): void {
  const flag = ["reviewer", "approval-timeout"].find((name) => name in options);
  if (flag === undefined) return;
  const effective = policy ??
    topLevelString(readConfigToml(), "approval_policy") ?? "never";
  if (effective !== "never") return;
  throw usageError(
    `--${flag} has no effect where codex asks nobody`,
    "add --approvals ask, or leave it out",
  );
}
