/** `status`: how a turn stands, as one JSON document. */
import type { Command } from "../cli/command.ts";
import { jsonText } from "../events/json_text.ts";
import { withCutDiffs } from "../render/cut_diffs.ts";
import { type Inspection, inspectTurn } from "../turns/inspect.ts";
import { pathsOf } from "../turns/store.ts";
import { SCHEMA_VERSION } from "../version.ts";
import { exitOf, lookUpTurn, TURN_HELP } from "./name_turn.ts";
import { progressOf } from "./progress.ts";
import { resultOf } from "./verdict.ts";

/** The verb `status`. */
export const command: Command = {
  name: "status",
  group: "follow",
  positionals: "own",
  summary: "tell how a turn stands, as JSON",
  usage: "[TURN]",
  details: `${TURN_HELP}
state is running, complete, failed, cancelled, abandoned, corrupt or missing; a running
turn has a phase (starting, queued, thinking, writing, running a command, awaiting
approval, retrying) and the seconds since its last event. Exit code 0, or 6 when there
is no such turn.`,
  examples: ["codex-server status", "codex-server status 6d03171f"],
  options: [],
  run(invocation) {
    const { stdout } = invocation;
    const found = lookUpTurn(invocation);
    if (found.kind !== "one") {
      stdout(line({ turn_id: found.reference || null, state: "missing" }));
      return exitOf("missing", null);
    }
    const inspection = inspectTurn(found.turnId);
    stdout(line(statusOf(found.turnId, inspection)));
    return inspection.state === "missing" ? exitOf("missing", null) : 0;
  },
};

const line = (fields: Record<string, unknown>): string =>
  jsonText({ schema_version: SCHEMA_VERSION, ...fields }) + "\n";

/** What `status` tells of a turn. */
export function statusOf(
  turnId: string,
  inspection: Inspection,
): Record<string, unknown> {
  const { state, meta, conflicting } = inspection;
  const paths = pathsOf(turnId);
  const result = resultOf(turnId, inspection);
  return {
    turn_id: turnId,
    state,
    ...(state === "running" ? progress(turnId, inspection) : {}),
    ...(meta.kind === "ok"
      ? {
        thread_id: result?.thread_id ?? meta.meta.thread_id,
        started_at: meta.meta.started_at,
        cwd: meta.meta.cwd,
        model: meta.meta.model,
        label: meta.meta.label,
        resumed_from: meta.meta.resumed_from,
      }
      : { reason: meta.reason }),
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

function progress(
  turnId: string,
  inspection: Inspection,
): Record<string, unknown> {
  const { pending, ...told } = progressOf(turnId, inspection);
  return {
    ...told,
    ...(pending.length > 0 ? { pending: pending.map(withCutDiffs) } : {}),
  };
}
