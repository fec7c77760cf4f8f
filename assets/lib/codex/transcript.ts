/** What was said on a thread, read from its session file. */
import { LineSplitter } from "../events/jsonl.ts";
import { historyOf, type Stretch } from "./history.ts";

/** One message of a thread. */
export interface SaidMessage {
  role: "user" | "assistant";
  text: string;
  /** ISO 8601; empty where the line does not say. */
  at: string;
}

/**
 * The messages in the text of a session file, oldest first. Codex's own context and
 * rolled-back messages are left out.
 */
export function messagesOf(text: string): SaidMessage[] {
  let said: SaidMessage[] = [];
  for (const entry of entriesOf(text)) {
    if (entry.kind === "message") said.push(entry.message);
    else said = withoutLast(said, entry.turns);
  }
  return said;
}

/** What a line says that matters here: a message, or that the last turns were undone. */
type Entry =
  | { kind: "message"; message: SaidMessage }
  | { kind: "taken_back"; turns: number };

const entriesOf = (text: string): Entry[] =>
  new LineSplitter().push(text.endsWith("\n") ? text : `${text}\n`)
    .flatMap((line) => entryOf(line) ?? []);

/** The messages before the last `turns` that the user began. */
function withoutLast(said: SaidMessage[], turns: number): SaidMessage[] {
  let end = said.length;
  for (let left = turns; left > 0 && end > 0; left--) {
    end = said.findLastIndex(({ role }, at) => at < end && role === "user");
    if (end === -1) return [];
  }
  return said.slice(0, end);
}

function entryOf(line: string): Entry | null {
  const isMessage = line.includes('"response_item"');
  if (!isMessage && !line.includes('"thread_rolled_back"')) return null;
  let entry;
  try {
    entry = JSON.parse(line);
  } catch {
    return null; // cut, or being written
  }
  const { type, num_turns: turns } = entry?.payload ?? {};
  if (entry?.type === "event_msg" && type === "thread_rolled_back") {
    return typeof turns === "number" ? { kind: "taken_back", turns } : null;
  }
  const message = messageOf(entry);
  return message && { kind: "message", message };
}

/**
 * A message is a `response_item` of type `message`. What codex itself put before the
 * user's words (environment, AGENTS.md, instructions) has the user's role too and is
 * recognized by its opening tag or title.
 */
// deno-lint-ignore no-explicit-any
function messageOf(entry: any): SaidMessage | null {
  const item = entry?.payload;
  if (entry?.type !== "response_item" || item?.type !== "message") return null;
  if (item.role !== "user" && item.role !== "assistant") return null;
  const text = (Array.isArray(item.content) ? item.content : [])
    .map((part: { text?: unknown }) =>
      typeof part?.text === "string" ? part.text : ""
    )
    .join("");
  const context =
    /^<(environment_context|user_instructions|turn_aborted|permissions|skills)|^# AGENTS\.md/;
  if (text === "" || (item.role === "user" && context.test(text))) return null;
  return {
    role: item.role,
    text,
    at: typeof entry.timestamp === "string" ? entry.timestamp : "",
  };
}

/** How much of a beginning is read to find the first message after codex's instructions. */
const BEGINNING_BYTES = 256 * 1024;

/** The first thing that the user said on the thread in `path`; null where it is not found. */
export function firstPrompt(path: string): SaidMessage | null {
  let oldest: Stretch | undefined;
  for (const stretch of historyOf(path)) oldest = stretch;
  const text = oldest ? textOf(oldest, 0, BEGINNING_BYTES) : "";
  return messagesOf(text).find(({ role }) => role === "user") ?? null;
}

/** How much of the end is read first, in bytes; then twice as much, and so on. */
const END_BYTES = 1 << 20;

/** The last `count` messages of the thread in `path`, oldest first. */
export function lastMessages(path: string, count: number): SaidMessage[] {
  let said: SaidMessage[] = [];
  for (const stretch of historyOf(path)) {
    said = [...endOf(stretch, count - said.length), ...said];
    if (said.length >= count) break;
  }
  return count > 0 ? said.slice(-count) : [];
}

/** The last messages of a stretch, at least `count` of them where it has so many. */
function endOf(stretch: Stretch, count: number): SaidMessage[] {
  for (let bytes = END_BYTES;; bytes *= 2) {
    const from = Math.max(0, stretch.size - bytes);
    const said = messagesOf(textOf(stretch, from, stretch.size));
    if (from === 0 || said.length >= count) return said;
  }
}

const textOf = ({ size, range }: Stretch, from: number, to: number): string =>
  new TextDecoder().decode(range(from, Math.min(size, to)));
