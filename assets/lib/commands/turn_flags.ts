/** The flags of a turn, checked. */
import type { ParsedArguments } from "../cli/args.ts";
import {
  flag,
  listOption,
  numberOption,
  stringOption,
} from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import type { ApprovalPolicy, SandboxMode } from "../domain/permissions.ts";
import type { EngineChoice } from "../turns/meta.ts";
import { isImageUrl } from "../codex/engine.ts";
import { LABEL } from "../turns/find.ts";
import { couldBePartOfId } from "../turns/turn_id.ts";
import { isAddress } from "./mentions.ts";
import { requireEffort } from "./model_words.ts";
import { readApprovalPolicy } from "./approval_policy.ts";

const SANDBOXES: SandboxMode[] = [
  "read-only",
  "workspace-write",
  "danger-full-access",
];
const ENGINES: EngineChoice[] = ["auto", "app-server", "sdk"];
const SUMMARIES = ["auto", "concise", "detailed", "none"];
const REVIEWERS = ["user", "auto_review", "guardian_subagent"];
/** How long a request waits for an answer, in seconds; 0 waits for ever. */
const APPROVAL_TIMEOUT_S = 300;
/** Silence this long counts as a stall, in seconds: a model can think for many minutes. */
const IDLE_TIMEOUT_S = 1800;

/** The checked flags of a turn; paths are still as the user wrote them. */
export interface TurnFlags {
  promptFile: string | null;
  withFiles: string[];
  model: string | null;
  effort: string | null;
  summary: string | null;
  cwd: string | null;
  images: string[];
  skills: NamedPath[];
  mentions: NamedPath[];
  schema: string | null;
  sandbox: SandboxMode | null;
  network: boolean | null;
  addDirs: string[];
  approvals: ApprovalPolicy;
  reviewer: string | null;
  approvalTimeoutS: number;
  config: string[];
  skipGitCheck: boolean;
  ephemeral: boolean;
  lean: boolean;
  trace: boolean;
  /** Seconds that the whole turn may take; 0 means no limit. */
  maxTimeS: number;
  idleTimeoutS: number;
  engine: EngineChoice;
  label: string | null;
  key: string | null;
  after: "return" | "follow" | "wait";
  /** How long the caller waits, in seconds; null waits to the end. */
  timeoutS: number | null;
}

/**
 * Reads the flags and refuses invalid ones.
 * @throws {CliError} code `usage`
 */
export function readTurnFlags(args: ParsedArguments): TurnFlags {
  const sandbox = readSandbox(args);
  const network = flag(args, "network") ? true : null;
  const config = listOption(args, "config");
  for (const entry of config) {
    if (!/^[A-Za-z0-9_."-]+=/.test(entry)) {
      throw usageError(
        `--config needs KEY=VALUE, not ${JSON.stringify(entry)}`,
      );
    }
  }
  const label = stringOption(args, "label");
  if (label !== null && !LABEL.test(label)) {
    throw usageError(
      "--label takes up to 64 letters, digits, dots, dashes and underscores",
    );
  }
  if (label !== null && couldBePartOfId(label)) {
    throw usageError(
      `The label ${label} could be taken for a part of a turn id`,
      "choose one with a letter after f, such as review or docs",
    );
  }
  const key = stringOption(args, "key");
  if (key === "") throw usageError("--key must not be empty");
  if (flag(args, "follow") && flag(args, "wait")) {
    throw usageError(
      "--follow and --wait exclude each other",
      "--follow waits as well",
    );
  }
  for (const name of ["follow", "wait", "json"]) {
    if (flag(args, "print-id") && flag(args, name)) {
      throw usageError(`--print-id and --${name} exclude each other`);
    }
  }
  const approvals = readApprovalPolicy(stringOption(args, "approvals"));
  const flags: TurnFlags = {
    promptFile: stringOption(args, "prompt-file"),
    withFiles: listOption(args, "with"),
    model: nonEmpty(args, "model"),
    effort: requireEffort(stringOption(args, "effort")),
    summary: oneOf(args, "summary", SUMMARIES),
    cwd: stringOption(args, "cwd"),
    images: listOption(args, "image"),
    skills: namedPaths(args, "skill"),
    mentions: namedPaths(args, "mention"),
    schema: stringOption(args, "schema"),
    sandbox,
    network,
    addDirs: listOption(args, "add-dir"),
    approvals,
    reviewer: oneOf(args, "reviewer", REVIEWERS),
    approvalTimeoutS: numberOption(args, "approval-timeout") ??
      APPROVAL_TIMEOUT_S,
    config,
    skipGitCheck: flag(args, "skip-git-check"),
    ephemeral: flag(args, "ephemeral"),
    lean: flag(args, "lean"),
    trace: flag(args, "trace"),
    maxTimeS: numberOption(args, "max-time") ?? 0,
    idleTimeoutS: numberOption(args, "idle-timeout") ?? IDLE_TIMEOUT_S,
    engine: oneOf(args, "engine", ENGINES) ?? "auto",
    label,
    key,
    after: flag(args, "follow")
      ? "follow"
      : flag(args, "wait")
      ? "wait"
      : "return",
    timeoutS: readTimeout(args),
  };
  if (flags.engine === "sdk") refuseWithoutAppServer(flags);
  return flags;
}

/** `--timeout` limits the caller's wait, so there must be one; 0 waits to the end. */
function readTimeout(args: ParsedArguments): number | null {
  const seconds = numberOption(args, "timeout");
  if (seconds === null) return null;
  if (!flag(args, "wait") && !flag(args, "follow")) {
    throw usageError(
      "--timeout is how long you wait, and goes with --wait or --follow",
      "to end the turn itself after a time give --max-time",
    );
  }
  return seconds === 0 ? null : seconds;
}

/** What the SDK cannot do is refused, not ignored. */
function refuseWithoutAppServer(flags: TurnFlags): void {
  const needs: [string, boolean][] = [
    ["approvals", flags.approvals !== "never"],
    ["reviewer", flags.reviewer !== null],
    ["summary", flags.summary !== null],
    ["image with a URL", flags.images.some(isImageUrl)],
    ["skill", flags.skills.length > 0],
    ["mention of an app", flags.mentions.some(({ path }) => isAddress(path))],
    ["ephemeral", flags.ephemeral],
    ["lean", flags.lean],
    ["trace", flags.trace],
  ];
  const [name] = needs.find(([, given]) => given) ?? [];
  if (name) {
    throw usageError(
      `--${name} needs the app-server engine`,
      "leave out --engine sdk",
    );
  }
}

/** Something that is handed to codex by name. */
export interface NamedPath {
  name: string;
  path: string;
}

function namedPaths(args: ParsedArguments, name: string): NamedPath[] {
  return listOption(args, name).map((given) => {
    const at = given.indexOf("=");
    if (at < 1 || at === given.length - 1) {
      throw usageError(
        `--${name} needs NAME=PATH, not ${JSON.stringify(given)}`,
      );
    }
    return { name: given.slice(0, at), path: given.slice(at + 1) };
  });
}

function readSandbox(args: ParsedArguments): SandboxMode | null {
  const named = oneOf(args, "sandbox", SANDBOXES);
  if (!flag(args, "write")) return named;
  if (named !== null && named !== "workspace-write") {
    throw usageError(`--write contradicts --sandbox ${named}`);
  }
  return "workspace-write";
}

function oneOf<T extends string>(
  args: ParsedArguments,
  name: string,
  allowed: T[],
): T | null {
  const value = stringOption(args, name);
  if (value === null || allowed.includes(value as T)) return value as T | null;
  throw usageError(
    `--${name} must be one of ${allowed.join(", ")}, not ${
      JSON.stringify(value)
    }`,
  );
}

function nonEmpty(args: ParsedArguments, name: string): string | null {
  const value = stringOption(args, name);
  if (value !== null && value.trim() === "") {
    throw usageError(`--${name} must not be empty`);
  }
  return value;
}
