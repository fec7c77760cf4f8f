/** `ps`: the turns that run now, in all directories, and what they ask. */
import type { Command } from "../cli/command.ts";
import type { PendingRequest } from "../events/thread_event.ts";
import { listLine } from "../output/json.ts";
import { withCutDiffs } from "../render/cut_diffs.ts";
import { lstatIfExists } from "../system/files.ts";
import { stdoutIsTerminal } from "../system/stdio.ts";
import { type Inspection, inspectTurn } from "../turns/inspect.ts";
import { checkRoot } from "../turns/root.ts";
import { listTurnIds, pathsOf } from "../turns/store.ts";
import { progressOf } from "./progress.ts";
import { type TurnRow, turnRow } from "./turn_rows.ts";

/** A turn that runs: what it does, and what it asks. */
export interface RunningRow extends TurnRow {
  phase: string;
  /** The command that runs, as codex names it. */
  command: string | null;
  seconds_since_event: number;
  cwd?: string;
  pending: PendingRequest[];
}

/** The verb `ps`. */
export const command: Command = {
  name: "ps",
  group: "follow",
  positionals: "none",
  summary: "tell what runs now, in all directories, and what it asks",
  usage: "",
  details:
    `On a terminal a table, and the lines that answer what is asked; through a pipe or
with --json one document with the running turns under data, each with its phase,
the seconds since it gave a sign of life, and its open requests under pending.`,
  examples: ["codex-server ps", "codex-server ps --json"],
  options: [],
  withoutLogin: true,
  async run({ json, stdout }) {
    checkRoot();
    const rows = listTurnIds().flatMap(running);
    if (json || !stdoutIsTerminal()) {
      stdout(listLine(
        "turns",
        rows.map((row) => ({ ...row, pending: row.pending.map(withCutDiffs) })),
        null,
      ));
    } else {
      const { runningTable } = await import("./turn_tables.ts");
      stdout(runningTable(rows));
    }
    return 0;
  },
};

/** The turn as a row, if it runs. */
function running(turnId: string): RunningRow[] {
  const { done, error } = pathsOf(turnId);
  // The cheapest check first: most turns are over.
  if (lstatIfExists(done) || lstatIfExists(error)) return [];
  const inspection: Inspection = inspectTurn(turnId, { listed: true });
  if (inspection.state !== "running") return [];
  const progress = progressOf(turnId, inspection);
  return [{ ...turnRow(turnId, inspection), ...progress }];
}
