/**
 * The inbox of a turn's worker: every process that may write the turn directory can ask. A
 * request is a file in `control/`, locked by the asking process while it waits; the worker
 * removes the file, carries the request out and writes a reply beside it. The first to
 * remove the file decides: the worker took it, or it was withdrawn. A request whose lock
 * is free was abandoned, by a signal or a crash: it is not carried out.
 *
 * `cancel` is a zero-byte file without a reply, possible even on a full disk: the turn's
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

/** The outcome of a request. */
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
  /** Nobody took it in time: it was withdrawn. */
  | { kind: "withdrawn" }
  /** It was taken in time, but no outcome was reported. */
  | { kind: "unheard" };

const REQUEST = ".request.json";
const REPLY = ".reply.json";

/** Asks the worker to cancel the turn. Idempotent. */
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
 * Sends a request to the worker and waits for its reply, `timeoutMs` at most. A request
 * not taken by then is withdrawn, also when the call is interrupted: `onInterrupted` gets
 * whether that was still possible.
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
  /** Null where this version does not know it. */
  request: ControlRequest | null;
  /** Reports the outcome, if the asker still waits. */
  reply(reply: ControlReply): void;
}

/**
 * Takes the oldest waiting request that its asker has not abandoned; null without any.
 * Its file is gone when this returns: an answer can be a secret.
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
 * Removes a request; false where another process did, or where the system refuses: a
 * remaining request would be carried out again and again.
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
