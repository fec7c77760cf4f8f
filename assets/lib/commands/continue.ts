/** `continue`: hands a prompt to codex on a thread that exists. */
import {
  type Command,
  flag,
  type Invocation,
  stringOption,
} from "../cli/command.ts";
import type { OptionSpec, ParsedArguments } from "../cli/args.ts";
import { CliError, usageError } from "../cli/errors.ts";
import { LAUNCHER } from "../version.ts";
import { afterStart } from "./after_start.ts";
import {
  type NamedThread,
  namedThread,
  newestThread,
  THREAD_HELP,
} from "./name_thread.ts";
import { startTurn } from "./start_turn.ts";
import { TURN_OPTIONS } from "./turn_options.ts";

/** Which thread to go on with. */
export const THREAD_OPTIONS: OptionSpec[] = [
  {
    name: "last",
    type: "boolean",
    help: "that of the newest turn of this repository (the default)",
  },
  {
    name: "thread",
    type: "string",
    value: "THREAD",
    help: "this thread, or the thread of this turn",
  },
];

/** The verb `continue`. */
export const command: Command = {
  name: "continue",
  group: "start",
  positionals: "own",
  freeText: "prompt",
  summary: "start a turn on a thread that exists; returns its id at once",
  usage: '[--last | --thread THREAD] "<prompt>" [flags]',
  details:
    `Without a choice it is the thread of the newest turn of this repository.
${THREAD_HELP}
It goes on in the thread's own directory, with what its last turn was allowed
and with whoever was asked, unless a flag says otherwise. A permission to write
does not go along to another directory. Prints what new prints, with thread_id.`,
  examples: [
    'codex-server continue "And in French?"',
    'codex-server continue --thread 6d03171f "Go on"',
  ],
  options: THREAD_OPTIONS,
  shared: { with: "new", options: TURN_OPTIONS },
  async run(invocation) {
    const findThread = threadFinder(invocation);
    const started = await startTurn(invocation, { findThread });
    return await afterStart(started, invocation);
  },
};

/**
 * Finds the thread that `--last` or `--thread` names.
 * @throws {CliError} `usage` for two of them, and for a thread in the place of the prompt
 */
export function threadFinder(invocation: Invocation): () => NamedThread {
  const { args } = invocation;
  const reference = stringOption(args, "thread");
  if (reference !== null && flag(args, "last")) {
    throw usageError("--last and --thread exclude each other");
  }
  if (reference === null) refuseThreadBeforePrompt(args);
  return () =>
    reference === null ? newestThread(invocation) : namedThread(reference);
}

/** People used to the other verbs type `continue TURN "…"`. */
function refuseThreadBeforePrompt({ positionals }: ParsedArguments): void {
  const [first, ...others] = positionals;
  if (first === undefined || others.length !== 1) return;
  try {
    namedThread(first);
  } catch (error) {
    // An ambiguous name was still meant as a name.
    if (!(error instanceof CliError) || error.code !== "usage") return;
  }
  throw usageError(
    `Expected one prompt, got 2 arguments`,
    `name the thread with: ${LAUNCHER} continue --thread ${first} "…"`,
  );
}
