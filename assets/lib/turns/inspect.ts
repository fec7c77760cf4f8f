/** Looking at a turn: the evidence on disk, in an order that is safe against races. */
import { isTerminal } from "../events/thread_event.ts";
import { wallMs } from "../system/clock.ts";
import { createFile, lstatIfExists } from "../system/files.ts";
import { isLockHeld, type LockState, lockState } from "../system/lock.ts";
import { osErrorInWords } from "../system/os_error.ts";
import { lastEvents } from "./events_tail.ts";
import type { TurnPaths } from "./layout.ts";
import { markersOf } from "./markers.ts";
import { type MetaReading } from "./meta.ts";
import { readResult } from "./result.ts";
import { type Evidence, type TurnState, turnState } from "./state.ts";
import { pathsOf, readMeta, turnExists } from "./store.ts";
import { turnIdTime } from "./turn_id.ts";

/** What an inspection found. */
export interface Inspection {
  state: TurnState;
  /** Both markers exist, which no worker of ours does; `done` counts. */
  conflicting: boolean;
  meta: MetaReading;
  /** When its marker was set, ms since the epoch; null without one. */
  endedMs: number | null;
}

const NOWHERE: Evidence = {
  exists: false,
  done: false,
  error: false,
  cancelled: false,
  lock: "none",
  coming: false,
  terminalEvent: null,
  metaSound: false,
  hasPid: false,
  ageMs: 0,
};

/** The state of a turn now; one that cannot be read is corrupt. */
export function inspectTurn(
  turnId: string,
  { listed = false }: {
    /** It has just been listed as a directory. */
    listed?: boolean;
  } = {},
): Inspection {
  try {
    return lookAt(turnId, listed);
  } catch (error) {
    // A refusal of the system is reported for this turn; a list continues.
    if ((error as { code?: string }).code === undefined) throw error;
    return {
      state: "corrupt",
      conflicting: false,
      meta: { kind: "corrupt", reason: osErrorInWords(error) },
      endedMs: null,
    };
  }
}

/**
 * Whatever happens between two of these reads, a live worker is not mistaken for a dead
 * one: what it does before it takes the lock, or while it holds it, is read before the
 * lock, and the markers, which it sets before it releases the lock, are read again after
 * it.
 */
function lookAt(turnId: string, listed: boolean): Inspection {
  if (!listed && !turnExists(turnId)) {
    return {
      state: turnState(NOWHERE),
      conflicting: false,
      meta: { kind: "corrupt", reason: "No such turn" },
      endedMs: null,
    };
  }
  const paths = pathsOf(turnId);
  // In a list of a thousand the common case counts: a turn that is done needs no more.
  const done = listed ? lstatIfExists(paths.done) : null;
  if (done) {
    return {
      state: "complete",
      conflicting: false,
      meta: readMeta(paths),
      endedMs: markedMs(done),
    };
  }
  let markers = markersOf(paths);
  // A worker seen to have signed must also be seen to hold the lock.
  const meta = readMeta(paths);
  let lock: LockState = "none";
  if (!markers.done && !markers.error) {
    lock = lockState(paths.lock);
    if (lock !== "held") markers = markersOf(paths);
  }
  const known = markers.done || markers.error || lock === "held";
  const state = turnState({
    // It might have been swept meanwhile; what was found then means nothing.
    exists: known && meta.kind === "ok" || turnExists(turnId),
    ...markers,
    cancelled: markers.error && wasCancelled(paths),
    lock,
    coming: !known && lock === "none" && isLockHeld(paths.prompt),
    terminalEvent: known ? null : terminalEventOf(paths.events),
    metaSound: meta.kind === "ok",
    hasPid: meta.kind === "ok" && meta.meta.pid !== null,
    ageMs: wallMs() - turnIdTime(turnId),
  });
  if (state === "abandoned" && lock === "none" && !makeFinal(paths)) {
    return lookAt(turnId, listed);
  }
  return {
    state,
    conflicting: markers.done && markers.error,
    meta,
    endedMs: markers.done || markers.error
      ? markedMs(lstatIfExists(paths.done) ?? lstatIfExists(paths.error))
      : null,
  };
}

/** When a marker was set; every file system that Deno runs on keeps that time. */
const markedMs = (marker: Deno.FileInfo | null): number | null =>
  marker && marker.mtime!.getTime();

/**
 * Makes it final that the turn is abandoned: the worker makes the lock file, too, and
 * whichever of the two comes second finds it there. False when the worker was first.
 */
function makeFinal(paths: TurnPaths): boolean {
  try {
    createFile(paths.lock, "");
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    // Where we can make no file, no worker of this user can.
  }
  return true;
}

/** A full disk can prevent result.json; the request to cancel is still there. */
function wasCancelled(paths: TurnPaths): boolean {
  const result = readResult(paths);
  return result
    ? result.status === "cancelled"
    : lstatIfExists(paths.cancel) !== null;
}

function terminalEventOf(eventsPath: string): Evidence["terminalEvent"] {
  const last = lastEvents(eventsPath).find(isTerminal);
  if (!last) return null;
  return last.type === "turn.completed" ? "completed" : "failed";
}
