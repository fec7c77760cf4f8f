/** Why a turn did not end well, in the words of result.json. */
import { explainFailure, resetsAt } from "../codex/failure.ts";
import { codexHomeTrouble } from "../codex/home_trouble.ts";
import type { ErrorCode } from "../domain/error_codes.ts";
import { machineRefusal } from "../domain/machine_refusal.ts";
import { profileTrouble } from "../codex/profile_trouble.ts";
import { wallMs } from "../system/clock.ts";
import type { TurnError } from "../turns/result.ts";
import { LAUNCHER } from "../version.ts";
import type { StopReason } from "./stop.ts";

/** A cancel was requested. */
export const CANCELLED: StopReason = {
  code: "cancelled",
  message: "The turn was cancelled",
};

const STOP_HINTS: Record<StopReason["code"], string> = {
  cancelled: "continue its thread",
  timed_out: "a turn may take as long as --max-time says; continue its thread",
  stalled: "--idle-timeout sets how long silence may last; continue its thread",
  gone: "nothing is left to do",
  disk_full: "free some space and continue its thread",
  internal: "read worker.log in the turn's directory",
};

/** The error of a turn that was stopped. */
export const stopError = ({ code, message }: StopReason): TurnError => ({
  code,
  message,
  hint: STOP_HINTS[code],
});

/** The error with the full command to continue, where its hint says to continue the thread. */
export const withCommand = (
  error: TurnError,
  threadId: string | null,
): TurnError => ({
  ...error,
  hint: error.hint.replace(
    /continue (?:the|its) thread/,
    threadId === null
      ? "start it again"
      : `continue the thread with: ${LAUNCHER} continue --thread ${threadId}`,
  ),
});

/** Codes that say no more than that codex failed. */
const UNEXPLAINED = new Set<ErrorCode>([
  "codex_failed",
  "codex_exited",
  "handshake_failed",
]);
/** The system refused codex a file. */
const REFUSED = /os error (1|13|30)\)|Permission denied|Read-only file system/;

/**
 * What codex said, explained.
 * @param known the engine's own word for it, if it has one
 */
export function codexError(message: string, known: string | null): TurnError {
  const profile = profileTrouble(message);
  if (profile) return { code: "bad_config", ...profile };
  const { code, hint } = explainFailure(message, known);
  const refused = UNEXPLAINED.has(code) && REFUSED.test(message);
  const trouble = refused ? codexHomeTrouble() : null;
  if (trouble) return { code: "permission_denied", ...trouble };
  const resets = code === "usage_limit" ? resetsAt(message, wallMs()) : null;
  return { code, message, hint, ...(resets ? { resets_at: resets } : {}) };
}

/** The error for a failure of the worker's machine. */
export function machineTrouble(error: unknown): TurnError {
  const { code, message, hint } = machineRefusal(error);
  return { code, message, hint: hint ?? STOP_HINTS.internal };
}
