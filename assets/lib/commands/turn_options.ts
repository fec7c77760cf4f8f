/** The flags that say how a turn is run; `new` and `continue` share them. */
import type { OptionSpec, ParsedArguments } from "../cli/args.ts";
import {
  flag,
  listOption,
  numberOption,
  stringOption,
} from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import type { EngineChoice, SandboxMode } from "../turns/meta.ts";
import { LABEL } from "../turns/find.ts";

export const TURN_OPTIONS: OptionSpec[] = [
  {
    name: "prompt-file",
    type: "string",
    value: "FILE|-",
    help: "read the prompt from a file, or from stdin with -",
  },
  {
    name: "model",
    type: "string",
    value: "MODEL",
    help: "model; else what codex is configured to use",
  },
  {
    name: "effort",
    type: "string",
    value: "LEVEL",
    help: "reasoning effort: minimal, low, medium, high, xhigh, …",
  },
  {
    name: "cwd",
    type: "string",
    value: "DIR",
    help: "working directory; else this one",
  },
  {
    name: "image",
    type: "list",
    value: "FILE",
    help: "attach an image (repeatable)",
  },
  {
    name: "schema",
    type: "string",
    value: "FILE",
    help: "JSON Schema that the final message must fit",
  },
  {
    name: "sandbox",
    type: "string",
    value: "MODE",
    help: "read-only, workspace-write or danger-full-access",
  },
  { name: "write", type: "boolean", help: "same as --sandbox workspace-write" },
  {
    name: "network",
    type: "boolean",
    help: "network access inside the workspace-write sandbox",
  },
  {
    name: "add-dir",
    type: "list",
    value: "DIR",
    help: "one more directory that may be written (repeatable)",
  },
  {
    name: "config",
    type: "list",
    value: "KEY=VALUE",
    help: "override a setting of codex (repeatable)",
  },
  {
    name: "skip-git-check",
    type: "boolean",
    help: "run outside a git repository",
  },
  {
    name: "timeout",
    type: "number",
    value: "SECS",
    help: "stop the turn after so long (0: never; the default)",
  },
  {
    name: "idle-timeout",
    type: "number",
    value: "SECS",
    help: "stop after so long without an event (0: never; default 1800)",
  },
  {
    name: "engine",
    type: "string",
    value: "ENGINE",
    help: "auto (the default) or sdk",
  },
  {
    name: "label",
    type: "string",
    value: "NAME",
    help: "a name to find the turn by",
  },
  {
    name: "key",
    type: "string",
    value: "KEY",
    help: "a repeated call with this key returns the first call's turn",
  },
  {
    name: "follow",
    type: "boolean",
    help: "print the answer as it comes, and wait for the end",
  },
  {
    name: "wait",
    type: "boolean",
    help: "wait for the end, then print out.txt",
  },
];

const SANDBOXES: SandboxMode[] = [
  "read-only",
  "workspace-write",
  "danger-full-access",
];
const ENGINES: EngineChoice[] = ["auto", "sdk"];
/** Silence that long is taken for a stall, in seconds: a model may think for many minutes. */
const IDLE_TIMEOUT_S = 1800;

/** The checked flags of a turn; paths are still as the user wrote them. */
export interface TurnFlags {
  promptFile: string | null;
  model: string | null;
  effort: string | null;
  cwd: string | null;
  images: string[];
  schema: string | null;
  sandbox: SandboxMode | null;
  network: boolean | null;
  addDirs: string[];
  config: string[];
  skipGitCheck: boolean;
  timeoutS: number;
  idleTimeoutS: number;
  engine: EngineChoice;
  label: string | null;
  key: string | null;
  after: "return" | "follow" | "wait";
}

/**
 * Reads the flags and refuses what cannot be meant.
 * @throws {CliError} code `usage`
 */
export function readTurnFlags(args: ParsedArguments): TurnFlags {
  const sandbox = readSandbox(args);
  const network = flag(args, "network") ? true : null;
  if (network && sandbox === "read-only") {
    throw usageError(
      "--network has no effect in the read-only sandbox",
      "add --write",
    );
  }
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
  const key = stringOption(args, "key");
  if (key === "") throw usageError("--key must not be empty");
  if (flag(args, "follow") && flag(args, "wait")) {
    throw usageError(
      "--follow and --wait exclude each other",
      "--follow waits as well",
    );
  }
  return {
    promptFile: stringOption(args, "prompt-file"),
    model: nonEmpty(args, "model"),
    effort: word(args, "effort"),
    cwd: stringOption(args, "cwd"),
    images: listOption(args, "image"),
    schema: stringOption(args, "schema"),
    sandbox,
    network,
    addDirs: listOption(args, "add-dir"),
    config,
    skipGitCheck: flag(args, "skip-git-check"),
    timeoutS: numberOption(args, "timeout") ?? 0,
    idleTimeoutS: numberOption(args, "idle-timeout") ?? IDLE_TIMEOUT_S,
    engine: oneOf(args, "engine", ENGINES) ?? "auto",
    label,
    key,
    after: flag(args, "follow")
      ? "follow"
      : flag(args, "wait")
      ? "wait"
      : "return",
  };
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

/** A single word: it goes into codex's configuration between quotes. */
function word(args: ParsedArguments, name: string): string | null {
  const value = stringOption(args, name);
  if (value === null || /^[a-z]+$/.test(value)) return value;
  throw usageError(
    `--${name} must be a single lower-case word, not ${JSON.stringify(value)}`,
  );
}
