/** The one place that reports how a turn ended, or that it still runs, to a waiting caller. */
import type { Invocation } from "../cli/command.ts";
import { CliError, errorJson, errorLine, EXIT } from "../cli/errors.ts";
import { terminalLine } from "../render/one_line.ts";
import { shortId } from "../render/in_words.ts";
import type { Inspection } from "../turns/inspect.ts";
import { lastLineOf } from "../turns/last_lines.ts";
import type { TurnResult } from "../turns/result.ts";
import { pathsOf } from "../turns/store.ts";
import { LAUNCHER } from "../version.ts";
import { exitOf, noSuchTurn } from "./name_turn.ts";
import { resultNotes } from "./result_notes.ts";

/** What the reader knows already. */
export interface Shown {
  /** out.txt was shown to its end: a reason printed there is not repeated. */
  out?: boolean;
  /** How long was waited, in seconds: reported for a turn that still runs. */
  timeoutS?: number | null;
  /** What to do later about a turn that still runs. */
  later?: string;
}

/**
 * Reports the turn's state on stderr; for a complete one only what its answer does not
 * show. Returns the exit code.
 */
export function tellEnd(
  turnId: string,
  { state }: Pick<Inspection, "state">,
  result: TurnResult | null,
  { json, stderr }: Pick<Invocation, "json" | "stderr">,
  shown: Shown = {},
): number {
  const exit = exitOf(state, result);
  if (exit === EXIT.ok) {
    for (const note of result && !json ? resultNotes(result) : []) stderr(note);
    return exit;
  }
  if (state === "missing" || state === "running") {
    const error = state === "missing"
      ? noSuchTurn(turnId)
      : stillRunning(turnId, shown);
    stderr(json ? errorJson(error) : errorLine(error));
  } else if (json) {
    const error = result?.error ?? { code: "failed", message: "", hint: "" };
    stderr(
      errorJson(
        new CliError(error.code, error.message, error.hint, {
          turn_id: turnId,
          state,
        }),
      ),
    );
  } else {
    const told = shown.out === true && reasonStands(turnId, state);
    stderr(verdictLine(turnId, state, result, told));
  }
  return exit;
}

/** The error for a turn that still runs when waiting stops. */
export function stillRunning(
  turnId: string,
  { timeoutS = null, later }: Shown = {},
): CliError {
  const name = shortId(turnId);
  return new CliError(
    "still_running",
    `Turn ${name} is still running${timeoutS ? ` after ${timeoutS} s` : ""}`,
    later ??
      `wait again with: ${LAUNCHER} wait ${name}, or follow it with: ${LAUNCHER} tail -f ${name}`,
    { turn_id: turnId },
  );
}

/** One line about a turn that did not end well; `told`: without the reason. */
function verdictLine(
  turnId: string,
  state: string,
  result: TurnResult | null,
  told: boolean,
): string {
  const { message, hint } = result?.error ?? {};
  return [
    `codex-server: turn ${shortId(turnId)} ${state}`,
    message && !told ? `: ${terminalLine(message)}` : "",
    hint ? ` — ${terminalLine(hint)}` : "",
    "\n",
  ].join("");
}

/** Whether the last line of out.txt is the reason. */
function reasonStands(turnId: string, state: string): boolean {
  if (state !== "failed" && state !== "cancelled") return false;
  return /^\[(failed|cancelled)\] /.test(lastLineOf(pathsOf(turnId).out));
}
