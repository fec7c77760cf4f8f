/** Which turn used a thread last: one thread has one writer at a time. */
import {
  ensurePrivateDir,
  readTextIfExists,
  replaceFile,
} from "../system/files.ts";
import { takeLock } from "../system/lock.ts";
import { threadsDir } from "../system/paths.ts";
import { inspectTurn } from "./inspect.ts";
import { isTurnId } from "./turn_id.ts";

/** A thread id as codex makes them (UUID); checked before a path is built from it. */
const THREAD_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether `text` can be a thread id. */
export const isThreadId = (text: string): boolean => THREAD_ID.test(text);

const recordPath = (threadId: string) => `${threadsDir()}/${threadId}`;

/** The turn that used the thread last, as far as this tool knows. */
export function lastTurnOf(threadId: string): string | null {
  if (!isThreadId(threadId)) return null;
  const turnId = readTextIfExists(recordPath(threadId))?.trim() ?? "";
  return isTurnId(turnId) ? turnId : null;
}

/** Notes that `turnId` uses the thread now. */
export function recordThread(threadId: string, turnId: string): void {
  if (!isThreadId(threadId)) return;
  ensurePrivateDir(threadsDir());
  replaceFile(recordPath(threadId), turnId + "\n");
}

/**
 * Claims the thread for `turnId` while no other turn runs on it: returns null, or the id
 * of the turn that is running. Two claims at once are decided by a lock.
 */
export async function claimThread(
  threadId: string,
  turnId: string,
): Promise<string | null> {
  ensurePrivateDir(threadsDir());
  using _one = await takeLock(`${threadsDir()}/lock`);
  const last = lastTurnOf(threadId);
  if (last && last !== turnId && inspectTurn(last).state === "running") {
    return last;
  }
  recordThread(threadId, turnId);
  return null;
}
