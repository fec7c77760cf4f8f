/** The end of a turn: its last line, result.json, then the marker. */
import { steadyWallMs } from "../system/clock.ts";
import { lstatIfExists } from "../system/files.ts";
import { setMarker } from "../turns/markers.ts";
import {
  leftBy,
  type TurnError,
  type TurnResult,
  writeResult,
} from "../turns/result.ts";
import { LAUNCHER, SCHEMA_VERSION } from "../version.ts";
import type { WorkerLog } from "./log.ts";
import type { Turn } from "./turn.ts";

/**
 * Writes the result and sets the marker, whatever the disk refuses on the way: a
 * zero-byte marker is possible even on a full one. A removed directory is not remade.
 */
export function finishTurn(
  turn: Turn,
  failure: TurnError | null,
  log: WorkerLog,
): void {
  if (!lstatIfExists(turn.paths.dir)) return;
  const { error, structured } = checkAnswer(turn, failure);
  try {
    if (!error && hasNoMessage(turn)) {
      turn.recorder.note("no message", NO_MESSAGE.message);
    }
    if (!error) turn.recorder.complete();
    // What codex said itself is already there.
    else if (turn.recorder.summary.ended !== "failed") {
      turn.recorder.note(
        error.code === "cancelled" ? "cancelled" : "failed",
        error.message,
      );
    }
  } catch (refused) {
    log.line(`out.txt: ${(refused as Error).message}`);
  }
  try {
    writeResult(turn.paths, resultOf(turn, error, structured));
  } catch (refused) {
    log.line(`result.json: ${(refused as Error).message}`);
  }
  try {
    setMarker(turn.paths, error ? "error" : "done");
  } catch (refused) {
    // A completed turn is known by its events, too.
    if (error) throw refused;
    log.line(`done: ${(refused as Error).message}`);
  }
}

/** With a schema the answer is JSON and a review has findings, or the turn has failed. */
function checkAnswer(
  { meta, recorder, review }: Turn,
  error: TurnError | null,
): { error: TurnError | null; structured?: unknown } {
  if (error) return { error };
  if (meta.review && !review) return { error: NO_REVIEW };
  if (!meta.structured) return { error: null };
  if (!recorder.summary.answered) return { error: NO_MESSAGE };
  try {
    return { error: null, structured: JSON.parse(recorder.summary.text) };
  } catch {
    return { error: NOT_JSON };
  }
}

/** Codex completed the turn, and its model said nothing in the end. */
const hasNoMessage = ({ recorder: { summary }, review }: Turn): boolean =>
  summary.ended === "completed" && !summary.answered && !review;

const NO_MESSAGE: TurnError = {
  code: "no_message",
  message: "Codex ended the turn without a final message",
  hint: "continue the thread, or start the turn again",
};

const NO_REVIEW: TurnError = {
  code: "no_review",
  message: "The reviewer ended without a review",
  hint: "read out.txt, and start the review again",
};

const NOT_JSON: TurnError = {
  code: "not_json",
  message: "The final message is not JSON although a schema was given",
  hint: `read the answer with: ${LAUNCHER} result`,
};

function resultOf(
  turn: Turn,
  error: TurnError | null,
  structured: unknown,
): TurnResult {
  const { meta, recorder, queuedMs, review } = turn;
  const { summary, firstTextAt } = recorder;
  const startedAt = Date.parse(meta.started_at);
  return {
    schema_version: SCHEMA_VERSION,
    turn_id: meta.turn_id,
    thread_id: meta.thread_id,
    status: !error
      ? "complete"
      : error.code === "cancelled"
      ? "cancelled"
      : "failed",
    text: summary.text,
    ...(hasNoMessage(turn) ? { no_message: true as const } : {}),
    ...leftBy(summary),
    ...(error ? { error } : {}),
    ...(structured !== undefined ? { structured } : {}),
    ...(review ? { review } : {}),
    usage: summary.usage,
    ...(summary.rate_limits ? { rate_limits: summary.rate_limits } : {}),
    files_changed: summary.files_changed,
    metrics: {
      latency_ms: steadyWallMs() - startedAt,
      first_text_ms: firstTextAt === null ? null : firstTextAt - startedAt,
      queued_ms: queuedMs,
    },
  };
}
