/** The thread that a command line names: by its id, an end or a beginning of it, one of its turns, or not at all. */
import { type Invocation, stringOption } from "../cli/command.ts";
import { CliError, usageError } from "../cli/errors.ts";
import {
  findNewestThread,
  findThreadFile,
  isArchived,
  type Session,
  threadsNamed,
} from "../codex/sessions.ts";
import { firstPrompt } from "../codex/transcript.ts";
import { quoted, shortId } from "../render/in_words.ts";
import { wallMs } from "../system/clock.ts";
import { repositoryOf } from "../system/repository.ts";
import { currentDirectory } from "../system/surroundings.ts";
import { findNewest, findTurn } from "../turns/find.ts";
import { inspectTurn } from "../turns/inspect.ts";
import type { TurnMeta } from "../turns/meta.ts";
import {
  pathsOf,
  promptBeginning,
  readMeta,
  turnExists,
} from "../turns/store.ts";
import { isThreadId, lastTurnOf } from "../turns/threads.ts";
import { turnIdTime } from "../turns/turn_id.ts";
import { LAUNCHER } from "../version.ts";
import { turnInWords } from "./name_turn.ts";

/** A thread that codex has kept. */
export interface NamedThread {
  threadId: string;
  /** Its session file. */
  path: string;
  /** What was chosen where nothing was named. */
  notes: string[];
}

/** How a thread is named, for the help. */
export const THREAD_HELP =
  `THREAD is a thread or a turn: its id, a unique end (or beginning) of it, or the
label of a turn.`;

/** Where the threads can be seen. */
const SEE = `see the threads with: ${LAUNCHER} list`;

/**
 * The thread that `reference` names, whether it is a thread's or a turn's.
 * @throws {CliError} `no_such_thread`, or `usage` where it is ambiguous
 */
export function namedThread(reference: string): NamedThread {
  if (isThreadId(reference) && !turnExists(reference)) return kept(reference);
  const threads = new Set(
    /^[0-9a-f-]{4,}$/.test(reference) ? threadsNamed(reference) : [],
  );
  const turn = findTurn(reference, repositoryOf(currentDirectory()));
  const turns = turn.kind === "one"
    ? [turn.turnId]
    : turn.kind === "many"
    ? turn.turnIds
    : [];
  // Reports a turn without a thread, if nothing else matches.
  if (threads.size === 0 && turns.length === 1) return threadOfTurn(turns[0]!);
  for (const turnId of turns) threads.add(metaOf(turnId)?.thread_id ?? turnId);
  const [threadId, ...others] = threads;
  if (threadId === undefined) {
    const named = JSON.stringify(reference.slice(0, 60));
    if (turn.kind === "malformed") {
      throw usageError(`${named} is neither a thread nor a turn`, SEE);
    }
    throw new CliError(
      "no_such_thread",
      `There is no thread or turn ${named}`,
      SEE,
    );
  }
  if (others.length === 0) return kept(threadId);
  throw usageError(
    `${reference} names ${threads.size} threads: ${
      [...threads].slice(0, 3).join(", ")
    }${threads.size > 3 ? "…" : ""}`,
    "give more of the id",
  );
}

/**
 * The thread of the newest turn of this repository, reviews aside. Where this tool has run
 * none there, codex's own newest thread. A note says which it is.
 * @throws {CliError} `no_such_thread`, also where the newest turn has left no thread
 */
export function newestThread({ args }: Invocation): NamedThread {
  const here = repositoryOf(currentDirectory());
  const key = stringOption(args, "key");
  const reviews: string[] = [];
  const found = findNewest(here, ({ review, turn_id: turnId, ...meta }) => {
    if (review) reviews.push(turnId);
    // A repeated call finds what its first one found.
    return !review && (key === null || meta.key !== key);
  });
  if (found.kind === "none") return codexOwn(here);
  const thread = threadOfTurn(found.turnId);
  const prompt = promptBeginning(pathsOf(found.turnId));
  const age = wallMs() - turnIdTime(found.turnId);
  const passed = reviews.slice(0, 1)
    .map((turnId) => `passing over the review, ${turnInWords(turnId)}`);
  return {
    ...thread,
    notes: [...passed, `going on with ${quoted(prompt, age)}`],
  };
}

/** Codex's own newest thread of the repository `here`, reviews of ours aside. */
function codexOwn(here: string): NamedThread {
  const isConversation = ({ threadId, cwd }: Session) => {
    const turnId = lastTurnOf(threadId);
    return repositoryOf(cwd) === here &&
      !(turnId !== null && metaOf(turnId)?.review);
  };
  const session = findNewestThread(here, isConversation);
  if (session === null) {
    throw new CliError(
      "no_such_thread",
      `There is no thread of ${here} to continue`,
      `start one with: ${LAUNCHER} new "…"`,
    );
  }
  const prompt = firstPrompt(session.path)?.text ?? "";
  const age = wallMs() - session.changedMs;
  const { threadId, path, source } = session;
  const note =
    `no turn was started from this repository; going on with a thread of ${source}, ${
      quoted(prompt, age)
    }`;
  return { threadId, path, notes: [note] };
}

/**
 * The thread of a turn of ours.
 * @throws {CliError} where it has none, or codex has not kept it
 */
function threadOfTurn(turnId: string): NamedThread {
  const meta = metaOf(turnId);
  const another = `name another with --thread; ${SEE}`;
  if (meta?.ephemeral) {
    throw new CliError(
      "no_such_thread",
      `Codex has not kept the thread of ${
        turnInWords(turnId)
      }: it was --ephemeral`,
      another,
    );
  }
  if (meta?.thread_id) return kept(meta.thread_id);
  if (inspectTurn(turnId).state === "running") {
    throw new CliError(
      "thread_busy",
      `The thread of ${turnInWords(turnId)} has not begun yet`,
      `wait for it with: ${LAUNCHER} wait ${shortId(turnId)}`,
    );
  }
  throw new CliError(
    "no_such_thread",
    `There is no thread of ${turnInWords(turnId)}: it ended before that`,
    another,
  );
}

/** @throws {CliError} `no_such_thread` where codex has no file of it */
function kept(threadId: string): NamedThread {
  const path = findThreadFile(threadId);
  if (path !== null) return { threadId, path, notes: [] };
  throw isArchived(threadId)
    ? new CliError(
      "no_such_thread",
      `Thread ${threadId} is archived`,
      `bring it back with: codex unarchive ${threadId}`,
    )
    : new CliError("no_such_thread", `There is no thread ${threadId}`, SEE);
}

function metaOf(turnId: string): TurnMeta | null {
  const reading = readMeta(pathsOf(turnId));
  return reading.kind === "ok" ? reading.meta : null;
}
