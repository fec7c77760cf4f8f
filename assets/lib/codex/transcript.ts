/** What was said on a thread, read from its session file. */
import { LineSplitter } from "../events/jsonl.ts";

/** One message of a thread. */
export interface SaidMessage {
  role: "user" | "assistant";
  text: string;
  /** ISO 8601; empty where the line does not say. */
  at: string;
}

/** The messages in the text of a session file, oldest first, codex's own context left out. */
export const messagesOf = (text: string): SaidMessage[] =>
  new LineSplitter().push(text.endsWith("\n") ? text : `${text}\n`)
    .flatMap((line) => messageOf(line) ?? []);

/**
 * A message is a `response_item` of type `message`. What codex itself put before the
 * user's words (environment, AGENTS.md, instructions) comes under the user's role too and
 * is told by its opening tag or title.
 */
function messageOf(line: string): SaidMessage | null {
  if (!line.includes('"response_item"')) return null;
  let entry;
  try {
    entry = JSON.parse(line);
  } catch {
    return null; // cut, or being written
  }
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

/** The messages at the beginning of a file, up to `bytes` of it. */
export const firstMessages = (path: string, bytes: number): SaidMessage[] =>
  messagesOf(readPart(path, (size) => [0, Math.min(size, bytes)]));

/** The messages at the end of a file, within its last `bytes`. */
export const lastMessages = (path: string, bytes: number): SaidMessage[] =>
  messagesOf(readPart(path, (size) => [Math.max(0, size - bytes), size]));

function readPart(
  path: string,
  part: (size: number) => [from: number, to: number],
): string {
  using file = Deno.openSync(path, { read: true });
  const [from, to] = part(file.statSync().size);
  file.seekSync(from, Deno.SeekMode.Start);
  const bytes = new Uint8Array(to - from);
  let read = 0;
  for (
    let n;
    read < bytes.length && (n = file.readSync(bytes.subarray(read)));
  ) read += n;
  return new TextDecoder().decode(bytes.subarray(0, read));
}
