/** The state of a turn: one pure function of what lies on disk. */

export type TurnState =
  | "running"
  | "complete"
  | "failed"
  | "cancelled"
  | "abandoned"
  | "corrupt"
  | "missing";

/** How long a turn without a worker still counts as starting, in ms. */
export const START_GRACE_MS = 10_000;
/**
 * How long a worker's lock file may exist without being held while the worker is alive,
 * in ms: it is locked in the next instruction. Past this the worker died in between.
 */
export const LOCK_GRACE_MS = 700;

/** What was found of a turn; see `inspect.ts` for the order of looking. */
export interface Evidence {
  /** The turn directory exists. */
  exists: boolean;
  done: boolean;
  error: boolean;
  /** result.json says that it was cancelled. */
  cancelled: boolean;
  lockHeld: boolean;
  /** Milliseconds since a worker made the lock file; null when none has. */
  lockAgeMs: number | null;
  /** The terminal event in events.jsonl, if there is one. */
  terminalEvent: "completed" | "failed" | null;
  /** meta.json could be read. */
  metaSound: boolean;
  /** A worker has signed meta.json. */
  hasPid: boolean;
  /** Milliseconds since the turn was made. */
  ageMs: number;
}

/**
 * Markers count first (`done` before `error`), then the lock, then a terminal event whose
 * marker never came, then the start-up grace. Whatever is left lost its worker.
 */
export function turnState(evidence: Evidence): TurnState {
  if (!evidence.exists) return "missing";
  if (evidence.done) return "complete";
  if (evidence.error) return evidence.cancelled ? "cancelled" : "failed";
  if (evidence.lockHeld) return "running";
  if (evidence.terminalEvent === "completed") return "complete";
  if (evidence.terminalEvent === "failed") return "failed";
  if (!evidence.metaSound) return "corrupt";
  if (evidence.hasPid) return "abandoned";
  // A clock that was set back makes an age negative; that is no reason to wait for ever.
  const { lockAgeMs, ageMs } = evidence;
  const starting = Math.abs(ageMs) < START_GRACE_MS &&
    (lockAgeMs === null || Math.abs(lockAgeMs) < LOCK_GRACE_MS);
  return starting ? "running" : "abandoned";
}

/** Whether a turn in this state will never change again. */
export const isOver = (state: TurnState): boolean => state !== "running";
