/** Threads for people: the table of `list`, the conversation of `show`. */
import { colourful, painted } from "../output/colour.ts";
import { table } from "../output/table.ts";
import { fromHome } from "../render/from_home.ts";
import { ageInWords, shortId } from "../render/in_words.ts";
import { neutralText } from "../render/neutral_text.ts";
import { terminalLine } from "../render/one_line.ts";
import { wallMs } from "../system/clock.ts";
import { homeDir } from "../system/paths.ts";
import { terminalColumns } from "../system/stdio.ts";
import { LAUNCHER } from "../version.ts";
import type { ThreadRow } from "./thread_rows.ts";

/** What is shown of one thread; the names are those of the JSON. */
export interface ShownThread extends Pick<ThreadRow, "thread_id" | "cwd"> {
  updated_at: string | null;
  source: string | null;
  messages: { role: string; text: string }[];
}

const ageOf = (stamp: string): string =>
  ageInWords(wallMs() - Date.parse(stamp));

/** Who started it; for a review or a sub-agent its kind. */
const fromWhom = ({ kind, source }: ThreadRow): string =>
  kind === "conversation" ? source : kind.replace("_", "-");

/** `list` for people. */
export function threadTable(threads: ThreadRow[]): string {
  if (threads.length === 0) {
    return `No threads. Start one: ${LAUNCHER} new "…"\n`;
  }
  return table<ThreadRow>(
    [
      { title: "THREAD", cell: ({ thread_id }) => shortId(thread_id) },
      { title: "AGE", cell: ({ updated_at }) => ageOf(updated_at) },
      { title: "FROM", cell: fromWhom, atMost: 12 },
      { title: "IN", cell: ({ cwd }) => fromHome(cwd, homeDir()), atMost: 20 },
      { title: "FIRST PROMPT", cell: ({ preview }) => preview },
    ],
    threads,
    { width: terminalColumns(), colours: colourful() },
  );
}

/** `show` for people: which thread it is, then who said what. */
export function threadText(
  { thread_id, cwd, updated_at, source, messages }: ShownThread,
): string {
  const age = updated_at === null ? "" : `, ${ageOf(updated_at)} ago`;
  return [
    terminalLine(`thread ${thread_id}`),
    terminalLine(`in ${fromHome(cwd, homeDir())}, from ${source}${age}`),
    ...messages.flatMap(({ role, text }) => [
      "",
      painted(`${terminalLine(role)}:`, role === "user" ? "cyan" : "green"),
      neutralText(text.trimEnd()),
    ]),
    "",
    `go on: ${LAUNCHER} continue --thread ${thread_id} "…"`,
    "",
  ].join("\n");
}
