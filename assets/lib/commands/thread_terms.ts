/**
 * The terms for continuing a thread: what of its last turn applies, and what a flag or
 * another directory sets aside. A thread never gets looser without a flag.
 */
import { usageError } from "../cli/errors.ts";
import {
  type ApprovalPolicy,
  type Inherited,
  modeOf,
  type ThreadSettings,
} from "../domain/permissions.ts";
import type { TurnFlags } from "./turn_flags.ts";

/** What the turn inherits. */
export interface ThreadTerms {
  inherited: Inherited | null;
  approvals: ApprovalPolicy;
  reviewer: string | null;
  /** What is set aside, for people. */
  notes: string[];
}

/** How a turn on the thread was asked for. */
export interface Asked {
  flags: TurnFlags;
  /** `--approvals` was given. */
  approvalsGiven: boolean;
  /** The turn's directory, a real path. */
  cwd: string;
  /** It differs from the thread's. */
  moved: boolean;
}

/**
 * The terms of a turn on a thread whose last turn ran with `last`.
 * @throws {CliError} `usage` where full access with questions would become full access without
 */
export function termsOf(last: ThreadSettings, asked: Asked): ThreadTerms {
  const { flags, approvalsGiven } = asked;
  const notes: string[] = [];
  const inherited = inheritedFrom(last, asked, notes);
  const approvals = approvalsGiven
    ? flags.approvals
    : last.approvals ?? flags.approvals;
  if (approvalsGiven && differ(last.approvals, approvals)) {
    if (
      approvals === "never" && inherited?.kind === "kept" &&
      inherited.policy?.type === "dangerFullAccess"
    ) {
      throw usageError(
        "The thread has full access and asks before it uses it; --approvals never alone would leave full access with nobody asked",
        "name its sandbox as well, such as --sandbox workspace-write",
      );
    }
    notes.push(
      `--approvals ${inWords(approvals)} sets aside ${
        inWords(last.approvals!)
      }, which the thread's last turn had`,
    );
  }
  if (differ(last.reviewer, flags.reviewer)) {
    notes.push(
      `--reviewer ${flags.reviewer} sets aside ${last.reviewer}, which the thread's last turn had`,
    );
  }
  return {
    inherited,
    approvals,
    reviewer: flags.reviewer ?? last.reviewer,
    notes,
  };
}

function inheritedFrom(
  { profile, policy, cwd: home }: ThreadSettings,
  { flags, cwd, moved }: Asked,
  notes: string[],
): Inherited | null {
  const named = profile !== null && !profile.startsWith(":");
  const had = named ? `the permission profile ${profile}` : modeOf(policy);
  const config = flags.config.find((entry) => SANDBOX_KEYS.test(entry));
  const flag = flags.sandbox ?? (config && `--config ${config}`);
  if (flag) {
    if (had !== null && had !== flag) {
      notes.push(
        `${flag} sets aside ${had}, which the thread's last turn had`,
      );
    }
    return null;
  }
  if (profile === null && policy === null) return null;
  if (!moved || policy?.type === "readOnly") {
    return { kind: "kept", profile, policy };
  }
  notes.push(
    `the thread's permission to write (${had}) stays in ${home}; --write gives one in ${cwd}`,
  );
  return { kind: "left", mode: modeOf(policy) ?? "danger-full-access" };
}

/** Codex settings that choose a sandbox or a profile. */
const SANDBOX_KEYS = /^(sandbox_mode|default_permissions)=/;

const differ = (before: unknown, after: unknown): boolean =>
  before !== null && after !== null &&
  JSON.stringify(before) !== JSON.stringify(after);

const inWords = (approvals: ApprovalPolicy): string =>
  typeof approvals === "string" ? approvals : JSON.stringify(approvals);
