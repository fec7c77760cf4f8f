/**
 * The inbox of a turn's worker: whoever may write the turn directory may ask. A request
 * is a file in `control/`, on which the one who asks holds a lock for as long as it waits;
 * the worker takes the file away, carries the request out and leaves a reply beside it.
 * Whoever removes the file first has decided: the worker took it, or it was taken back. A
 * request whose lock is free was given up, by a signal or a crash: nobody carries it out.
 *
 * `cancel` is a zero-byte file without a reply, which even a full disk takes: the turn's
 * end is the answer.
 */
import type { Answer } from "../events/request.ts";
import { monotonicMs, wallMs } from "../system/clock.ts";
import {
  createFile,
  entriesOf,
  lstatIfExists,
  readTextIfExists,
  removeIfExists,
  replaceFile,
} from "../system/files.ts";
import { holderOf, makeHeldLock } from "../system/lock.ts";
import { whenInterrupted } from "../system/interrupt.ts";
import { ChangeWatcher } from "../system/watch.ts";
import { inspectTurn } from "./inspect.ts";
import type { TurnPaths } from "./layout.ts";
import { newTurnId } from "./turn_id.ts";

/** What can be asked of a worker besides `cancel`. */
export type ControlRequest =
  | { kind: "steer"; text: string }
  | { kind: "answer"; request_id: string; answer: Answer };

/** What became of a request. */
export interface ControlReply {
  ok: boolean;
  message: string;
  /** The request of codex that was answered. */
  request_id?: string;
}

/** How asking went. */
export type AskOutcome =
  | { kind: "replied"; reply: ControlReply }
  /** The turn ended without taking it. */
  | { kind: "over" }
  /** Nobody took it in time: it was taken back. */
  | { kind: "withdrawn" }
  /** It was taken in time, but nobody has said what became of it. */
  | { kind: "unheard" };

const REQUEST = ".request.json";
const REPLY = ".reply.json";

/** Asks the worker to cancel the turn. Asking twice is asking once. */
export function requestCancel(paths: TurnPaths): void {
  try {
    createFile(paths.cancel, "");
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

/** Whether somebody asked to cancel the turn. */
export const isCancelRequested = (paths: TurnPaths): boolean =>
  lstatIfExists(paths.cancel) !== null;

/**
 * Puts a request to the worker and waits for its reply, `timeoutMs` at most. What nobody
 * has taken by then is taken back, and so it is when the call is interrupted:
 * `onInterrupted` is told then whether it still could be.
 */
export async function askWorker(
  turnId: string,
  paths: TurnPaths,
  request: ControlRequest,
  { timeoutMs = Infinity, onInterrupted }: {
    timeoutMs?: number;
    onInterrupted?: (withdrawn: boolean) => void;
  } = {},
): Promise<AskOutcome> {
  // Names that sort by time: the worker takes requests in the order of asking.
  const name = `${paths.control}/${newTurnId(wallMs())}`;
  using watcher = new ChangeWatcher(paths.control);
  const started = monotonicMs();
  using _asking = makeHeldLock(
    name + REQUEST,
    JSON.stringify({ ...request, held: true }),
  );
  using _interrupted = whenInterrupted(() =>
    onInterrupted?.(takeAway(name + REQUEST))
  );
  while (true) {
    const over = inspectTurn(turnId).state !== "running";
    const text = readTextIfExists(name + REPLY);
    if (text !== null) {
      removeIfExists(name + REPLY);
      return { kind: "replied", reply: JSON.parse(text) };
    }
    const left = timeoutMs - (monotonicMs() - started);
    if (over || left <= 0) {
      const withdrawn = takeAway(name + REQUEST);
      if (over) return { kind: "over" };
      return { kind: withdrawn ? "withdrawn" : "unheard" };
    }
    await watcher.next(left);
  }
}

/** A request as the worker finds it. */
export interface TakenRequest {
  /** Null where it is none that this version knows. */
  request: ControlRequest | null;
  /** Says what became of it, where somebody still wants to know. */
  reply(reply: ControlReply): void;
}

/**
 * Takes the oldest request that waits and that its asker has not given up; null without
 * any. Its file is gone when this returns: an answer may be a secret.
 */
export function takeRequest(paths: TurnPaths): TakenRequest | null {
  for (const name of requestNames(paths)) {
    const path = `${paths.control}/${name}`;
    const replyPath = path.slice(0, -REQUEST.length) + REPLY;
    const { request, held } = readRequest(path);
    const holder = held ? holderOf(path) : null;
    if (!takeAway(path) || (held && !holder?.isThere())) {
      holder?.[Symbol.dispose]();
      continue;
    }
    return {
      request,
      reply: (reply) => {
        if (holder?.isThere() ?? true) {
          replaceFile(replyPath, JSON.stringify(reply));
        }
        holder?.[Symbol.dispose]();
      },
    };
  }
  return null;
}

/** The names of the requests that wait, oldest first; none where the directory is gone. */
function requestNames(paths: TurnPaths): string[] {
  try {
    return entriesOf(paths.control).map(({ name }) => name)
      .filter((name) => name.endsWith(REQUEST)).sort();
  } catch {
    return [];
  }
}

/**
 * Removes a request; false where somebody else has, or where the system does not let us: a
 * request that stays would be carried out again and again.
 */
function takeAway(path: string): boolean {
  try {
    Deno.removeSync(path, { recursive: true });
    return true;
  } catch {
    return false;
  }
}

/** What a file asks, and whether it says that its asker holds a lock on it. */
function readRequest(
  path: string,
): { request: ControlRequest | null; held: boolean } {
  try {
    const { held, ...value } = JSON.parse(Deno.readTextFileSync(path)) ?? {};
    const known = (value.kind === "steer" && typeof value.text === "string") ||
      (value.kind === "answer" && typeof value.request_id === "string");
    return { request: known ? value : null, held: held === true };
  } catch {
    return { request: null, held: false }; // not even JSON, or no file
  }
}
