/** result.json: how a turn ended, written just before its marker. */
import type { ErrorCode } from "../domain/error_codes.ts";
import {
  EMPTY_SUMMARY,
  summarize,
  type TurnSummary,
} from "../events/summary.ts";
import { jsonText } from "../events/json_text.ts";
import type { Usage } from "../events/thread_event.ts";
import { readTextIfExists, replaceFile } from "../system/files.ts";
import { SCHEMA_VERSION } from "../version.ts";
import { EventReader } from "./event_reader.ts";
import type { TurnPaths } from "./layout.ts";

/** Why a turn did not end well. */
export interface TurnError {
  code: ErrorCode;
  message: string;
  hint: string;
  /** When a usage limit ends, ISO 8601. */
  resets_at?: string;
}

/** How long a turn took. */
export interface TurnMetrics {
  /** From the call of `new` to the end of the turn, in ms. */
  latency_ms: number;
  /** From the call of `new` to the first text of the agent, in ms; null without any. */
  first_text_ms: number | null;
  /** Time spent waiting for a slot, in ms. */
  queued_ms: number;
}

/** The whole of result.json. */
export interface TurnResult {
  schema_version: number;
  turn_id: string;
  thread_id: string | null;
  status: "complete" | "failed" | "cancelled";
  /** The final agent message; without one, what the agent said last. */
  text: string;
  /** Codex ended the turn without a final message, or with an empty one. */
  no_message?: true;
  /** Sub-agents that were still at work: codex ended them with the turn. */
  agents_cut_off?: TurnSummary["agents_cut_off"];
  /** A goal of the thread that is not complete; codex would continue it by itself. */
  goal?: NonNullable<TurnSummary["goal"]>;
  error?: TurnError;
  /** The final message as JSON, where a schema was given. */
  structured?: unknown;
  /** What a review found: codex's `review_output`. */
  review?: unknown;
  usage: Usage | null;
  /** How much of the account's quota is used, where the engine knows. */
  rate_limits?: TurnSummary["rate_limits"];
  files_changed: string[];
  metrics: TurnMetrics | null;
}

/** Writes result.json in one step. */
export const writeResult = (paths: TurnPaths, result: TurnResult): void =>
  replaceFile(paths.result, [jsonText(result, 2), "\n"]);

/** Reads result.json; null where there is none or it is not ours. */
export function readResult(paths: TurnPaths): TurnResult | null {
  try {
    const value = JSON.parse(readTextIfExists(paths.result) ?? "null");
    return typeof value?.status === "string" ? value : null;
  } catch {
    return null;
  }
}

/** The summary of the events of a turn that left no result.json. */
export function summarizeEvents(eventsPath: string): TurnSummary {
  let summary = EMPTY_SUMMARY;
  try {
    using reader = new EventReader(eventsPath);
    reader.drain(({ event }) => {
      summary = summarize(summary, event);
    });
  } catch (error) {
    // Just swept, or unreadable: then there are no events.
    const { NotFound, PermissionDenied } = Deno.errors;
    if (!(error instanceof NotFound || error instanceof PermissionDenied)) {
      throw error;
    }
  }
  return summary;
}

/** What the turn left unfinished; no fields where it left nothing. */
export const leftBy = (
  { agents_cut_off, goal }: TurnSummary,
): Pick<TurnResult, "agents_cut_off" | "goal"> => ({
  ...(agents_cut_off.length > 0 ? { agents_cut_off } : {}),
  ...(goal ? { goal } : {}),
});

/** A result for a turn whose worker did not write one. */
export function recoveredResult(
  turnId: string,
  status: TurnResult["status"],
  summary: TurnSummary,
  error?: TurnError,
): TurnResult {
  return {
    schema_version: SCHEMA_VERSION,
    turn_id: turnId,
    thread_id: summary.thread_id,
    status,
    text: summary.text,
    ...(summary.ended === "completed" && !summary.answered
      ? { no_message: true as const }
      : {}),
    ...leftBy(summary),
    ...(error ? { error } : {}),
    usage: summary.usage,
    files_changed: summary.files_changed,
    metrics: null,
  };
}
