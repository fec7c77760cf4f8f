/** `status`: a turn's state, as sentences or as one JSON document. */
import type { Command } from "../cli/command.ts";
import type { Usage } from "../events/thread_event.ts";
import { documentLine } from "../output/json.ts";
import { withCutDiffs } from "../render/cut_diffs.ts";
import { stdoutIsTerminal } from "../system/stdio.ts";
import { type Inspection, inspectTurn } from "../turns/inspect.ts";
import type { TurnError } from "../turns/result.ts";
import type { TurnState } from "../turns/state.ts";
import { pathsOf } from "../turns/store.ts";
import { exitOf, lookUpTurn, TURN_HELP } from "./name_turn.ts";
import { type Progress, progressOf } from "./progress.ts";
import { turnRow } from "./turn_rows.ts";
import { resultOf } from "./verdict.ts";

/** The verb `status`. */
export const command: Command = {
  name: "status",
  group: "follow",
  positionals: "own",
  summary: "tell how a turn stands, and what it asks",
  usage: "[TURN]",
  details: `${TURN_HELP}
state is running, complete, failed, cancelled, abandoned, corrupt or missing; a running
turn has a phase (starting, queued, thinking, writing, running a command, awaiting
approval, retrying) and the seconds since its last event. On a terminal sentences; through
a pipe or with --json one document. Exit code 0, or 6 when there is no such turn.`,
  examples: ["codex-server status", "codex-server status 6d03171f"],
  options: [],
  async run(invocation) {
    const { stdout, json } = invocation;
    const found = lookUpTurn(invocation);
    const status = found.kind === "one"
      ? statusOf(found.turnId, inspectTurn(found.turnId))
      : { turn_id: found.reference || null, state: "missing" as const };
    if (json || !stdoutIsTerminal()) {
      stdout(documentLine({
        ...status,
        ...(status.pending && { pending: status.pending.map(withCutDiffs) }),
      }));
    } else {
      const { statusText } = await import("./status_text.ts");
      stdout(statusText(status));
    }
    return status.state === "missing" ? exitOf("missing", null) : 0;
  },
};

/** What is known of a turn; the names are those of the JSON. */
export interface TurnStatus extends Partial<Progress>, Record<string, unknown> {
  turn_id: string | null;
  state: TurnState;
  prompt?: string;
  label?: string | null;
  thread_id?: string | null;
  started_at?: string;
  ended_at?: string | null;
  duration_s?: number | null;
  cwd?: string;
  reason?: string;
  error?: TurnError;
  usage?: Usage | null;
  files_changed?: string[];
}

/** What `status` says of a turn. */
export function statusOf(
  turnId: string,
  inspection: Inspection,
): TurnStatus {
  const { state, meta, conflicting } = inspection;
  const paths = pathsOf(turnId);
  const result = resultOf(turnId, inspection);
  const row = turnRow(turnId, inspection);
  return {
    ...row,
    ...(state === "running" ? runningNow(turnId, inspection) : {}),
    ...(meta.kind === "ok"
      ? {
        thread_id: result?.thread_id ?? meta.meta.thread_id,
        resumed_from: meta.meta.resumed_from,
      }
      : {}),
    ...(result?.error ? { error: result.error } : {}),
    ...(result
      ? {
        usage: result.usage,
        files_changed: result.files_changed,
        metrics: result.metrics,
      }
      : {}),
    ...(conflicting
      ? { warning: "both markers are present; done counts" }
      : {}),
    out_path: paths.out,
  };
}

/** What it does; `command` and `pending` only where they are not empty. */
function runningNow(
  turnId: string,
  inspection: Inspection,
): Partial<Progress> {
  const { command, pending, ...progress } = progressOf(turnId, inspection);
  return {
    ...progress,
    ...(command === null ? {} : { command }),
    ...(pending.length > 0 ? { pending } : {}),
  };
}
