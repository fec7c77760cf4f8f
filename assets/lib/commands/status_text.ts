/** `status` for people: a few sentences; loaded only where a person reads. */
import { painted } from "../output/colour.ts";
import { cutToWidth } from "../output/width.ts";
import { commandInWords } from "../render/command_words.ts";
import { fromHome } from "../render/from_home.ts";
import { ageInWords, shortId } from "../render/in_words.ts";
import { neutralText } from "../render/neutral_text.ts";
import { oneLine } from "../render/one_line.ts";
import { relativePath } from "../render/relative_path.ts";
import { requestLine } from "../render/request_line.ts";
import { took } from "../render/took.ts";
import { wallMs } from "../system/clock.ts";
import { homeDir } from "../system/paths.ts";
import { terminalColumns } from "../system/stdio.ts";
import { LAUNCHER } from "../version.ts";
import type { TurnStatus } from "./status.ts";
import { stateColour } from "./turn_rows.ts";

/** The turn, its state, where it works, and what to type next. */
export function statusText(status: TurnStatus): string {
  const { turn_id, state, prompt, label, cwd, thread_id } = status;
  if (turn_id === null || state === "missing") {
    const named = turn_id === null ? "" : ` ${turn_id}`;
    return `There is no such turn${named} — see: ${LAUNCHER} list-turns\n`;
  }
  const name = `turn ${shortId(turn_id)}${label ? ` (${label})` : ""}`;
  const room = terminalColumns() - name.length - 3;
  const began = prompt ? ` "${cutToWidth(harmless(prompt), room)}"` : "";
  const stands = harmless(standing(status));
  return [
    harmless(name) + began,
    stands.replace(
      /^\S+/,
      (word) =>
        painted(word.replace(/[:,]$/, ""), stateColour(state) ?? "bold") +
        (/[:,]$/.exec(word)?.[0] ?? ""),
    ),
    ...(cwd ? [harmless(`in ${fromHome(cwd, homeDir())}`)] : []),
    ...(thread_id ? [harmless(`thread ${thread_id}`)] : []),
    ...next(turn_id, status).map(harmless),
  ].join("\n") + "\n";
}

const harmless = (text: string): string => neutralText(oneLine(text));

function standing(status: TurnStatus): string {
  const { state, reason, error, ended_at, duration_s: seconds } = status;
  if (state === "running") return running(status);
  const after = typeof seconds === "number"
    ? ` after ${took(seconds * 1000)}`
    : "";
  const ago = ended_at
    ? `, ${ageInWords(wallMs() - Date.parse(ended_at))} ago`
    : "";
  const why = error
    ? `: ${error.message} — ${error.hint}`
    : reason
    ? `: ${reason}`
    : "";
  return `${state}${after}${ago}${why}${spent(status)}`;
}

function running(
  { phase, command, started_at, seconds_since_event: quiet }: TurnStatus,
): string {
  const age = started_at
    ? ` for ${ageInWords(wallMs() - Date.parse(started_at))}`
    : "";
  const doing = command ? `${phase}: ${commandInWords(command)}` : phase;
  return `running${age}, ${doing} (last sign of life ${
    ageInWords((quiet ?? 0) * 1000)
  } ago)`;
}

/** What it cost and changed. */
function spent(
  { usage, files_changed: files = [], cwd = "" }: TurnStatus,
): string {
  const tokens = usage
    ? `; ${
      (usage.input_tokens + usage.output_tokens).toLocaleString("en")
    } tokens`
    : "";
  const changed = files.length === 0
    ? ""
    : `; changed ${
      files.length === 1
        ? relativePath(files[0]!, cwd)
        : `${files.length} files`
    }`;
  return tokens + changed;
}

/** The lines to type next. */
function next(
  turnId: string,
  { state, pending = [], thread_id }: TurnStatus,
): string[] {
  if (state === "running") {
    return pending.length > 0
      ? pending.map((request) => `asks ${requestLine(turnId, request)}`)
      : [`follow: ${LAUNCHER} tail -f ${shortId(turnId)}`];
  }
  if (state === "complete") {
    return [`answer: ${LAUNCHER} result ${shortId(turnId)}`];
  }
  return state !== "corrupt" && thread_id
    ? [`go on: ${LAUNCHER} continue --thread ${thread_id} "…"`]
    : [];
}
