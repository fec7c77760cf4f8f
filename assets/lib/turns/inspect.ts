/** Looking at a turn: the evidence on disk, in an order that cannot be fooled by a race. */
import { isTerminal } from "../events/thread_event.ts";
import { wallMs } from "../system/clock.ts";
import { lstatIfExists } from "../system/files.ts";
import { isLockHeld } from "../system/lock.ts";
import { lastEvents } from "./events_tail.ts";
import { markersOf } from "./markers.ts";
import { type MetaReading } from "./meta.ts";
import { readResult } from "./result.ts";
import { type Evidence, type TurnState, turnState } from "./state.ts";
import { pathsOf, readMeta, turnExists } from "./store.ts";
import { turnIdTime } from "./turn_id.ts";

/** What a look at a turn found. */
export interface Inspection {
  state: TurnState;
  /** Both markers are there, which no worker of ours does; `done` counts. */
  conflicting: boolean;
  meta: MetaReading;
}

const NOWHERE: Evidence = {
  exists: false,
  done: false,
  error: false,
  cancelled: false,
  lockHeld: false,
  lockAgeMs: null,
  terminalEvent: null,
  metaSound: false,
  hasPid: false,
  ageMs: 0,
};

/**
 * The state of a turn now. A worker sets its marker before it lets go of the lock, so
 * after finding the lock free the markers are looked at once more.
 */
export function inspectTurn(
  turnId: string,
  { listed = false }: {
    /** It has just been listed as a directory. */ listed?: boolean;
  } = {},
): Inspection {
  if (!listed && !turnExists(turnId)) {
    return {
      state: turnState(NOWHERE),
      conflicting: false,
      meta: { kind: "corrupt", reason: "No such turn" },
    };
  }
  const paths = pathsOf(turnId);
  // In a list of a thousand the common case counts: a turn that is done needs no more.
  let markers = listed && lstatIfExists(paths.done)
    ? { done: true, error: false }
    : markersOf(paths);
  // Before the lock: a worker that is seen to have signed must be seen to hold it, too.
  const meta = readMeta(paths);
  let lockHeld = false;
  if (!markers.done && !markers.error) {
    lockHeld = isLockHeld(paths.lock);
    if (!lockHeld) markers = markersOf(paths);
  }
  const marked = markers.done || markers.error;
  const state = turnState({
    exists: true,
    ...markers,
    cancelled: markers.error && readResult(paths)?.status === "cancelled",
    lockHeld,
    lockAgeMs: marked || lockHeld ? null : ageOf(paths.lock),
    terminalEvent: marked || lockHeld ? null : terminalEventOf(paths.events),
    metaSound: meta.kind === "ok",
    hasPid: meta.kind === "ok" && meta.meta.pid !== null,
    ageMs: wallMs() - turnIdTime(turnId),
  });
  return { state, conflicting: markers.done && markers.error, meta };
}

function ageOf(path: string): number | null {
  const changed = lstatIfExists(path)?.mtime;
  return changed ? wallMs() - changed.getTime() : null;
}

function terminalEventOf(eventsPath: string): Evidence["terminalEvent"] {
  const last = lastEvents(eventsPath).find(isTerminal);
  if (!last) return null;
  return last.type === "turn.completed" ? "completed" : "failed";
}
