/** Tables of turns for people; loaded only where a person reads. */
import { colourful } from "../output/colour.ts";
import { table } from "../output/table.ts";
import { commandInWords } from "../render/command_words.ts";
import { requestLine } from "../render/request_line.ts";
import { terminalLine } from "../render/one_line.ts";
import { terminalColumns } from "../system/stdio.ts";
import { LAUNCHER } from "../version.ts";
import type { RunningRow } from "./ps.ts";
import {
  AGE,
  ID,
  LABEL,
  PROMPT,
  STATE,
  TOOK,
  type TurnRow,
} from "./turn_rows.ts";

/** `list-turns` for people. */
export function turnTable(rows: TurnRow[], more: boolean): string {
  if (rows.length === 0) return `No turns. Start one: ${LAUNCHER} new "…"\n`;
  const shown = table([ID, STATE, AGE, TOOK, LABEL, PROMPT], rows, place());
  return more ? `${shown}(there are more: list-turns -n N)\n` : shown;
}

/** `ps` for people: what runs, and under the table what waits for an answer. */
export function runningTable(rows: RunningRow[]): string {
  if (rows.length === 0) return "Nothing runs.\n";
  const shown = table<RunningRow>(
    [
      ID,
      { title: "DOES", cell: doing, colour: askColour, atMost: 24 },
      AGE,
      {
        title: "QUIET",
        cell: (row) => `${Math.round(row.seconds_since_event)} s`,
      },
      LABEL,
      { title: "IN", cell: (row) => lastName(row.cwd ?? ""), atMost: 16 },
      PROMPT,
    ],
    rows,
    place(),
  );
  const asked = rows.flatMap(({ turn_id, pending }) =>
    pending.map((request) => `${terminalLine(requestLine(turn_id, request))}\n`)
  );
  return asked.length === 0 ? shown : `${shown}\n${asked.join("")}`;
}

const place = () => ({ width: terminalColumns(), colours: colourful() });

const doing = ({ phase, command }: RunningRow): string =>
  command === null ? phase : commandInWords(command);

const askColour = ({ pending }: RunningRow) =>
  pending.length > 0 ? "yellow" as const : "cyan" as const;

const lastName = (path: string): string =>
  path.split(/[\\/]/).filter((part) => part !== "").at(-1) ?? path;
