/** The flags that say how a turn is run, as data; `turn_flags.ts` reads them. */
import type { OptionSpec } from "../cli/args.ts";

/** The flags of `new`, `continue` and `fork`. */
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
    name: "summary",
    type: "string",
    value: "KIND",
    help: "reasoning summary: auto, concise, detailed or none",
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
    help: "attach an image, a file or a URL (repeatable)",
  },
  {
    name: "skill",
    type: "list",
    value: "NAME=PATH",
    help: "hand a skill to codex (repeatable)",
  },
  {
    name: "mention",
    type: "list",
    value: "NAME=PATH",
    help: "mention a file or app (repeatable)",
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
    name: "approvals",
    type: "string",
    value: "POLICY",
    help: "never (the default), ask, untrusted, or a granular policy as JSON",
  },
  {
    name: "reviewer",
    type: "string",
    value: "WHO",
    help: "who reviews approvals: user, auto_review or guardian_subagent",
  },
  {
    name: "approval-timeout",
    type: "number",
    value: "SECS",
    help: "decline what nobody answers after so long (default 300)",
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
    name: "ephemeral",
    type: "boolean",
    help: "codex does not keep the thread",
  },
  {
    name: "lean",
    type: "boolean",
    help: "without the user's apps, plugins and MCP servers",
  },
  {
    name: "trace",
    type: "boolean",
    help: "write every protocol message to rpc.jsonl",
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
    help: "auto (the default), app-server or sdk",
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
    help: "the same call again with this key returns the first call's turn",
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

/** Those that mean something for a review: codex reviews in a turn of its own making. */
export const REVIEW_OPTIONS: OptionSpec[] = TURN_OPTIONS.filter(({ name }) =>
  [
    ...["model", "cwd", "config", "skip-git-check", "approvals", "reviewer"],
    ...["approval-timeout", "lean", "trace", "timeout", "idle-timeout"],
    ...["label", "key", "follow", "wait"],
  ].includes(name)
);
