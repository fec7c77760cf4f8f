/** `list-turns`: the newest turns, as a table or as JSON. */
import {
  type Command,
  flag,
  listOption,
  numberOption,
  stringOption,
} from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import type { ParsedArguments } from "../cli/args.ts";
import { listLine } from "../output/json.ts";
import { lstatIfExists } from "../system/files.ts";
import { repositoryOf } from "../system/repository.ts";
import { stdoutIsTerminal } from "../system/stdio.ts";
import { currentDirectory } from "../system/surroundings.ts";
import { belongsTo } from "../turns/find.ts";
import { inspectTurn } from "../turns/inspect.ts";
import { listTurnIds, pathsOf } from "../turns/store.ts";
import { checkRoot } from "../turns/root.ts";
import type { TurnState } from "../turns/state.ts";
import { isTurnId } from "../turns/turn_id.ts";
import { type TurnRow, turnRow } from "./turn_rows.ts";

const DEFAULT_LIMIT = 20;

const STATES: TurnState[] = [
  ...["running", "complete", "failed", "cancelled"] as const,
  ...["abandoned", "corrupt"] as const,
];

/** The verb `list-turns`. */
export const command: Command = {
  name: "list-turns",
  group: "follow",
  positionals: "none",
  summary: "list the newest turns: state, age, duration, label and prompt",
  usage: "[--here] [--state STATE]… [--limit N] [--cursor CURSOR]",
  details:
    `A turn is one prompt and all that codex does for it; it belongs to a thread (see
list). On a terminal a table; through a pipe or with --json one document: the turns under
data (and under turns), and a next_cursor where there are more. Without --here and
--state no more turn directories are opened than are listed.`,
  examples: [
    "codex-server list-turns -n 5",
    "codex-server list-turns --here --state running",
  ],
  options: [
    { name: "here", type: "boolean", help: "only turns of this repository" },
    {
      name: "state",
      type: "list",
      value: "STATE",
      help: `only turns in this state (repeatable): ${STATES.join(", ")}`,
    },
    {
      name: "limit",
      short: "n",
      type: "number",
      value: "N",
      help: `how many, the newest first (default ${DEFAULT_LIMIT})`,
    },
    {
      name: "cursor",
      type: "string",
      value: "CURSOR",
      help: "go on behind the list that ended with this next_cursor",
    },
  ],
  async run({ args, json, stdout }) {
    const { rows, nextCursor } = find(args);
    if (json || !stdoutIsTerminal()) {
      stdout(listLine("turns", rows, nextCursor));
    } else {
      const { turnTable } = await import("./turn_tables.ts");
      stdout(turnTable(rows, nextCursor !== null));
    }
    return 0;
  },
};

/** The turns that are asked for, newest first, and where the next ones begin. */
function find(
  args: ParsedArguments,
): { rows: TurnRow[]; nextCursor: string | null } {
  const limit = Math.floor(numberOption(args, "limit") ?? DEFAULT_LIMIT);
  const states = statesOf(args);
  const cursor = stringOption(args, "cursor");
  if (cursor !== null && !isTurnId(cursor)) {
    throw usageError("--cursor needs the next_cursor of an earlier call");
  }
  checkRoot();
  const here = flag(args, "here") ? repositoryOf(currentDirectory()) : null;
  const rows: TurnRow[] = [];
  for (const turnId of listTurnIds()) {
    if (cursor !== null && turnId >= cursor) continue;
    if (rows.length >= limit) {
      return { rows, nextCursor: rows.at(-1)?.turn_id ?? null };
    }
    // The cheapest check first: most turns are done.
    if (
      states !== null && !states.includes("complete") &&
      lstatIfExists(pathsOf(turnId).done)
    ) continue;
    const inspection = inspectTurn(turnId, { listed: true });
    const { state, meta } = inspection;
    if (state === "missing") continue; // swept while we looked
    if (states !== null && !states.includes(state)) continue;
    if (
      here !== null && !belongsTo(meta.kind === "ok" ? meta.meta : null, here)
    ) continue;
    rows.push(turnRow(turnId, inspection));
  }
  return { rows, nextCursor: null };
}

function statesOf(args: ParsedArguments): string[] | null {
  const states = listOption(args, "state");
  const odd = states.find((state) => !STATES.includes(state as TurnState));
  if (odd !== undefined) {
    throw usageError(
      `--state must be one of ${STATES.join(", ")}, not ${JSON.stringify(odd)}`,
    );
  }
  return states.length === 0 ? null : states;
}
