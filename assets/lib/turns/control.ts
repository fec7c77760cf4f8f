/**
 * The inbox of a turn's worker: whoever may write the turn directory may ask. A request
 * is a file in `control/`; the worker takes it away and leaves a reply beside it.
 * `cancel` is a zero-byte file without a reply, which even a full disk takes: the turn's
 * end is the answer.
 */
import {
  createFile,
  lstatIfExists,
  readTextIfExists,
  removeIfExists,
  replaceFile,
} from "../system/files.ts";
import { ChangeWatcher } from "../system/watch.ts";
import { inspectTurn } from "./inspect.ts";
import type { TurnPaths } from "./layout.ts";
import { newTurnId } from "./turn_id.ts";
import { wallMs } from "../system/clock.ts";

/** What can be asked of a worker besides `cancel`. */
export type ControlRequest =
  | { kind: "steer"; text: string }
  /** `answer` is the engine's matter; `request_id` may be empty for the only one. */
  | { kind: "answer"; request_id: string; answer: unknown };

/** What became of a request. */
export interface ControlReply {
  ok: boolean;
  message: string;
}

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
 * Puts a request to the worker and waits for its reply; null when the turn ended without
 * one. The request is withdrawn then, so that nobody takes it later.
 */
export async function askWorker(
  turnId: string,
  paths: TurnPaths,
  request: ControlRequest,
): Promise<ControlReply | null> {
  // Names that sort by time: the worker takes requests in the order of asking.
  const name = `${paths.control}/${newTurnId(wallMs())}`;
  using watcher = new ChangeWatcher(paths.control);
  replaceFile(name + REQUEST, JSON.stringify(request));
  while (true) {
    const over = inspectTurn(turnId).state !== "running";
    const text = readTextIfExists(name + REPLY);
    if (text !== null) {
      removeIfExists(name + REPLY);
      return JSON.parse(text);
    }
    if (over) {
      removeIfExists(name + REQUEST);
      return null;
    }
    await watcher.next();
  }
}

/** A request as the worker finds it. */
export interface TakenRequest {
  request: ControlRequest | null;
  /** Says what became of it. */
  reply(reply: ControlReply): void;
}

/**
 * Takes the requests that wait, oldest first. Their files are gone when this returns: an
 * answer may be a secret. One that cannot be read is null.
 */
export function takeRequests(paths: TurnPaths): TakenRequest[] {
  let names: string[];
  try {
    names = Array.from(Deno.readDirSync(paths.control), ({ name }) => name);
  } catch {
    return []; // the directory is gone, and so will the turn be
  }
  return names.filter((name) => name.endsWith(REQUEST)).sort().map((name) => {
    const path = `${paths.control}/${name}`;
    const request = readRequest(path);
    removeIfExists(path);
    const replyPath = path.slice(0, -REQUEST.length) + REPLY;
    return {
      request,
      reply: (reply) => replaceFile(replyPath, JSON.stringify(reply)),
    };
  });
}

function readRequest(path: string): ControlRequest | null {
  try {
    const value = JSON.parse(Deno.readTextFileSync(path));
    if (value?.kind === "steer" && typeof value.text === "string") return value;
    if (value?.kind === "answer" && typeof value.request_id === "string") {
      return value;
    }
  } catch {
    // Not a request of ours, or not even a file.
  }
  return null;
}
