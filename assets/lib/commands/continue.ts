/** `continue`: hands a prompt to codex on a thread that exists. */
import { type Command, flag, stringOption } from "../cli/command.ts";
import type { OptionSpec, ParsedArguments } from "../cli/args.ts";
import { CliError, usageError } from "../cli/errors.ts";
import { findNewestThread, findThreadFile } from "../codex/sessions.ts";
import { lastTurnContext } from "../codex/rollout_tail.ts";
import { isThreadId, lastTurnOf } from "../turns/threads.ts";
import { pathsOf, readMeta } from "../turns/store.ts";
import { afterStart } from "./after_start.ts";
import type { ThreadToContinue } from "./prepare_turn.ts";
import { startTurn } from "./start_turn.ts";
import { TURN_OPTIONS } from "./turn_options.ts";
import { LAUNCHER } from "../version.ts";

/** Which thread to go on with. */
export const THREAD_OPTIONS: OptionSpec[] = [
  {
    name: "last",
    type: "boolean",
    help: "the newest thread of this directory (the default)",
  },
  {
    name: "thread",
    type: "string",
    value: "ID",
    help: "the thread with this id",
  },
];

/** The verb `continue`. */
export const command: Command = {
  name: "continue",
  group: "start",
  positionals: "own",
  freeText: "prompt",
  summary: "start a turn on a thread that exists; returns its id at once",
  usage: '[--last | --thread ID] "<prompt>" | --prompt-file FILE|- [flags]',
  details:
    `Without a choice it is --last: the newest thread of this directory that a person
or this tool started. The sandbox of the thread's last turn holds unless a flag
says otherwise. Prints the same JSON document as new.`,
  examples: [
    'codex-server continue "And in French?"',
    'codex-server continue --thread 01a1fe8e-d5c8-77c3-a907-82476d03171f "Go on"',
  ],
  options: THREAD_OPTIONS,
  shared: { with: "new", options: TURN_OPTIONS },
  async run(invocation) {
    const started = await startTurn(invocation, {
      findThread: threadFinder(invocation.args),
    });
    return await afterStart(started, invocation);
  },
};

/** Finds the thread that `--last` or `--thread` names. */
export function threadFinder(
  args: ParsedArguments,
): (cwd: string) => ThreadToContinue {
  const threadId = stringOption(args, "thread");
  if (threadId !== null && flag(args, "last")) {
    throw usageError("--last and --thread exclude each other");
  }
  return (cwd) => threadId === null ? lastThread(cwd) : namedThread(threadId);
}

/** A review of ours is no conversation to go on with. */
function isNoReview(threadId: string): boolean {
  const turnId = lastTurnOf(threadId);
  const reading = turnId === null ? null : readMeta(pathsOf(turnId));
  return reading?.kind !== "ok" || !reading.meta.review;
}

function lastThread(cwd: string): ThreadToContinue {
  const thread = findNewestThread(cwd, isNoReview);
  if (thread) return withLastPermissions(thread.id, thread.path);
  throw new CliError(
    "no_such_thread",
    `There is no thread of ${cwd} to continue`,
    `start one with: ${LAUNCHER} new "…"`,
  );
}

function namedThread(threadId: string): ThreadToContinue {
  if (!isThreadId(threadId)) {
    throw usageError(
      `${JSON.stringify(threadId.slice(0, 60))} is not a thread id`,
      `see the threads with: ${LAUNCHER} list`,
    );
  }
  const path = findThreadFile(threadId);
  if (path !== null) return withLastPermissions(threadId, path);
  throw new CliError(
    "no_such_thread",
    `There is no thread ${threadId}`,
    `see the threads with: ${LAUNCHER} list`,
  );
}

/** A thread never loosens silently: what its last turn was allowed is repeated. */
function withLastPermissions(threadId: string, path: string): ThreadToContinue {
  const { model = null, sandbox = null, network = null } =
    lastTurnContext(path) ?? {};
  return { threadId, model, sandbox, network };
}
