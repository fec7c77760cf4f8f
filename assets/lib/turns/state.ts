/** The state of a turn: one pure function of what is on disk. */
import type { LockState } from "../system/lock.ts";

/** The state of a turn, as in `status`. */
export type TurnState =
  | "running"
  | "complete"
  | "failed"
  | "cancelled"
  | "abandoned"
  | "corrupt"
  | "missing";

/** How long a turn without any sign of a worker still counts as starting, in ms. */
export const START_GRACE_MS = 60_000;

/** What was found of a turn; see `inspect.ts` for the order of looking. */
export interface Evidence {
  /** The turn directory exists. */
  exists: boolean;
  done: boolean;
  error: boolean;
  /** result.json or a cancel request says so. */
  cancelled: boolean;
  /** A worker makes its lock with the lock held: a free one has lost its worker. */
  lock: LockState;
  /** A worker is starting: it holds the prompt's lock, and will make its own. */
  coming: boolean;
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
 * marker never came, then a starting worker, then the start-up grace. All others lost
 * their worker; the finder makes that final (`inspect.ts`).
 */
export function turnState(evidence: Evidence): TurnState {
  if (!evidence.exists) return "missing";
  if (evidence.done) return "complete";
  if (evidence.error) return evidence.cancelled ? "cancelled" : "failed";
  if (evidence.lock === "held") return "running";
  if (evidence.terminalEvent === "completed") return "complete";
  if (evidence.terminalEvent === "failed") return "failed";
  if (!evidence.metaSound) return "corrupt";
  if (evidence.hasPid || evidence.lock === "free") return "abandoned";
  if (evidence.coming) return "running";
  // A clock that was set back makes an age negative; that is no reason to wait for ever.
  return Math.abs(evidence.ageMs) < START_GRACE_MS ? "running" : "abandoned";
}

/** Whether a turn in this state will never change again. */
export const isOver = (state: TurnState): boolean => state !== "running";
