/** The outcome of a turn: its result, or what can be said without one. */
import type { Inspection } from "../turns/inspect.ts";
import {
  readResult,
  recoveredResult,
  summarizeEvents,
  type TurnError,
  type TurnResult,
} from "../turns/result.ts";
import { pathsOf } from "../turns/store.ts";
import type { TurnState } from "../turns/state.ts";
import { LAUNCHER } from "../version.ts";

/**
 * The result of a turn that is over: result.json, else what its events say. Null while it
 * runs or when it is missing.
 */
export function resultOf(
  turnId: string,
  { state, meta }: Inspection,
): TurnResult | null {
  if (state === "running" || state === "missing") return null;
  const paths = pathsOf(turnId);
  const written = readResult(paths);
  // Where `done` and the result contradict each other, the marker counts.
  if (written && (written.status === "complete") === (state === "complete")) {
    return written;
  }
  const summary = summarizeEvents(paths.events);
  const threadId = summary.thread_id ??
    (meta.kind === "ok" ? meta.meta.thread_id : null);
  const status = state === "complete" || state === "cancelled"
    ? state
    : "failed";
  const error = status === "complete"
    ? undefined
    : lostError(state, summary.error, threadId, meta);
  return recoveredResult(
    turnId,
    status,
    { ...summary, thread_id: threadId },
    error,
  );
}

function lostError(
  state: TurnState,
  said: string | null,
  threadId: string | null,
  meta: Inspection["meta"],
): TurnError {
  const goOn = threadId
    ? `go on with: ${LAUNCHER} continue --thread ${threadId} "…"`
    : "start a new turn";
  if (state === "abandoned") {
    return {
      code: "abandoned",
      message:
        "The worker is gone without an end: it was killed, crashed, ran out of memory, or the machine went down",
      hint: goOn,
    };
  }
  if (state === "cancelled") {
    return {
      code: "cancelled",
      message: "The turn was cancelled",
      hint: goOn,
    };
  }
  if (state === "corrupt") {
    const reason = meta.kind === "corrupt"
      ? meta.reason
      : "its files cannot be read";
    return {
      code: "corrupt",
      message: `The turn cannot be read: ${reason}`,
      hint: "start a new turn",
    };
  }
  return {
    code: "failed",
    message: said ?? "The turn failed",
    hint: "read worker.log in its directory; the disk may be full",
  };
}
