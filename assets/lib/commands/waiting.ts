/** Blocking until a turn is over, with a sign of life for a person who waits. */
import type { Invocation } from "../cli/command.ts";
import type { PendingRequest } from "../events/thread_event.ts";
import type { Inspection } from "../turns/inspect.ts";
import { readPending } from "../turns/pending.ts";
import type { TurnResult } from "../turns/result.ts";
import { pathsOf } from "../turns/store.ts";
import { waitForTurn } from "../turns/wait.ts";
import { Screen } from "./screen.ts";
import { resultOf } from "./verdict.ts";

/** How long to wait, and for what. */
export interface WaitOptions {
  /** In seconds; null waits for ever. */
  timeoutS?: number | null;
  /** Return as soon as codex asks something. */
  untilInput?: boolean;
}

/** How the waiting ended. */
export interface Waited {
  inspection: Inspection;
  /** Null while the turn runs. */
  result: TurnResult | null;
  /** What codex asks; empty unless that ended the waiting. */
  asked: PendingRequest[];
}

/** Waits for the end of the turn, or for what the options say. */
export async function waitForEnd(
  turnId: string,
  streams: Pick<Invocation, "stdout" | "stderr">,
  { timeoutS = null, untilInput = false }: WaitOptions = {},
): Promise<Waited> {
  const paths = pathsOf(turnId);
  let asked: PendingRequest[] = [];
  using _screen = new Screen(turnId, streams);
  const inspection = await waitForTurn(turnId, {
    timeoutMs: timeoutS === null ? null : timeoutS * 1000,
    ...(untilInput
      ? { until: () => (asked = readPending(paths)).length > 0 }
      : {}),
  });
  return {
    inspection,
    result: resultOf(turnId, inspection),
    asked: inspection.state === "running" ? asked : [],
  };
}
