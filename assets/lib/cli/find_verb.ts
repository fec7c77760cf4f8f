/** Which verb a command line names, wherever its flags are and however it is spelled. */
import { COMMON_OPTIONS } from "./command.ts";
import { type CliError, usageError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { LAUNCHER } from "../version.ts";

/** What people used to other tools type → the verb of this one. */
const SYNONYMS: Record<string, string> = {
  ...all("new", ["run", "exec", "start", "chat", "create", "prompt", "turn"]),
  ...all("continue", ["resume", "reply", "go-on"]),
  ...all("tail", ["log", "logs", "follow", "attach", "cat", "output"]),
  ...all("status", ["info", "inspect", "state", "stat"]),
  ...all("cancel", ["kill", "stop", "abort", "interrupt", "end"]),
  ...all("list-turns", ["ls", "turns", "history", "jobs"]),
  ...all("list", ["threads", "sessions"]),
  ...all("approve", ["yes", "allow", "accept"]),
  ...all("decline", ["no", "deny", "reject", "refuse"]),
  ...all("steer", ["send", "say", "tell"]),
  ...all("gc", ["rm", "prune", "clean", "delete", "remove"]),
  ...all("setup", ["install", "update", "upgrade", "init"]),
  ...all("ps", ["top", "running"]),
};

function all(verb: string, words: string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => [word, verb]));
}

/** Calls without a verb that other tools accept. */
const BARE: Record<string, string> = {
  "-h": "help",
  "--help": "help",
  "-v": "version",
  "-V": "version",
  "--version": "version",
};

/**
 * The verb of `argv`, and the arguments that are left for it. Flags that every verb takes
 * can precede it.
 * @throws {CliError} code `usage`, with what to type instead
 */
export function findVerb(
  argv: string[],
  verbs: string[],
): { verb: string; rest: string[] } {
  const at = argv.findIndex((arg) => !arg.startsWith("-"));
  const before = at === -1 ? argv : argv.slice(0, at);
  const behind = at === -1 ? [] : argv.slice(at);
  const bare = before.find((arg) => Object.hasOwn(BARE, arg));
  const kept = before.filter((arg) => arg !== bare);
  const common = COMMON_OPTIONS.map(({ name }) => `--${name}`);
  if (!kept.every((arg) => common.includes(arg))) throw flagsFirst(argv, verbs);
  // `--help new` equals `help new`; no arguments at all ask for help.
  if (bare !== undefined || behind.length === 0) {
    return { verb: BARE[bare ?? "--help"]!, rest: [...kept, ...behind] };
  }
  const [verb, ...rest] = behind as [string, ...string[]];
  if (!verbs.includes(verb)) throw unknownVerb(verb, verbs);
  return { verb, rest: [...kept, ...rest] };
}

/** The error for an unknown verb, with the one that might be meant. */
export function unknownVerb(typed: string, verbs: string[]): CliError {
  const meant = Object.hasOwn(SYNONYMS, typed) &&
      verbs.includes(SYNONYMS[typed]!)
    ? SYNONYMS[typed]!
    : nearest(typed, verbs);
  const hint = meant !== null
    ? `did you mean ${meant}? see ${LAUNCHER} ${meant} --help`
    : /\s/.test(typed)
    ? `a prompt goes behind a verb: ${LAUNCHER} new "…"`
    : `see ${LAUNCHER} help`;
  return usageError(`Unknown command ${JSON.stringify(typed)}`, hint);
}

/** A flag's value looks like a verb, so the verb goes first. */
function flagsFirst(argv: string[], verbs: string[]): CliError {
  const at = argv.findIndex((arg) => verbs.includes(arg));
  const typed = at === -1
    ? `new ${argv.map(word).join(" ")}`
    : [argv[at]!, ...argv.slice(0, at), ...argv.slice(at + 1)].map(word)
      .join(" ");
  return usageError(
    `The command goes before its flags, not ${JSON.stringify(argv[0])}`,
    `type: ${LAUNCHER} ${typed}`,
  );
}

/** `text` as one word of the shell. */
const word = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
