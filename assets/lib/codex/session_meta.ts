/** The first line of a session file, `session_meta`: who started the thread, and where. */

import { isPacked, openRollout } from "./rollout_file.ts";

/** What the first line of a session file says. */
export interface SessionMeta {
  /** Working directory of the thread. */
  cwd: string;
  /** When it was started, ISO 8601; empty where the line does not say. */
  createdAt: string;
  /** Who started it: `codex-server`, `cli`, `exec`, `vscode`, …; `unknown` where the line does not say. */
  source: string;
  /** Started by codex itself: a sub-agent, or the reviewer of a review. */
  isSubAgent: boolean;
  /** The thread that a sub-agent works for. */
  parentId: string | null;
}

/** What this tool calls itself, in `originator` and `thread_source`. */
const OURS = "codex-server";

/** How much of a file is read at first: the fields are at its beginning. */
const HEAD_BYTES = 1024;
/** The line contains codex's base instructions (about 18 KB); no valid one is longer. */
const LINE_BYTES = 1 << 20;

const head = new Uint8Array(HEAD_BYTES);
const decoder = new TextDecoder();

/** Reads what a session file says of its thread; null where it is not one. */
export function sessionMetaOf(path: string): SessionMeta | null {
  try {
    if (isPacked(path)) {
      const { range } = openRollout(path);
      return metaOfLine(decoder.decode(range(0, LINE_BYTES)));
    }
    using file = Deno.openSync(path, { read: true });
    const read = file.readSync(head) ?? 0;
    const text = decoder.decode(head.subarray(0, read));
    return metaOfHead(text) ?? metaOfLine(text + readUpTo(file, LINE_BYTES));
  } catch {
    return null;
  }
}

/**
 * A check whether a session might have been started in the directory `dir` or below it:
 * the first bytes rule out most of ten thousand files at a fraction of the cost of
 * reading them. A file that does not name its directory there might be of any.
 */
export function startsIn(dir: string): (path: string) => boolean {
  const encoder = new TextEncoder();
  const field = encoder.encode('"cwd":');
  const wanted = encoder.encode(JSON.stringify(dir).slice(0, -1));
  return (path) => {
    if (isPacked(path)) return true;
    let read: number;
    try {
      using file = Deno.openSync(path, { read: true });
      read = file.readSync(head) ?? 0;
    } catch {
      return false;
    }
    const at = indexOf(head, read, field);
    return at === -1 || matches(head, at + field.length, wanted);
  };
}

/** Where `part` begins in the first `length` bytes, or -1. */
function indexOf(bytes: Uint8Array, length: number, part: Uint8Array): number {
  for (let at = 0; at <= length - part.length; at++) {
    if (matches(bytes, at, part)) return at;
  }
  return -1;
}

function matches(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  for (let i = 0; i < part.length; i++) {
    if (bytes[at + i] !== part[i]) return false;
  }
  return true;
}

function readUpTo(file: Deno.FsFile, limit: number): string {
  const bytes = new Uint8Array(limit);
  const read = file.readSync(bytes) ?? 0;
  return decoder.decode(bytes.subarray(0, read));
}

const STRING = `"((?:[^"\\\\]|\\\\.)*)"`;
const CWD = new RegExp(`"cwd":${STRING}`);
const CREATED = new RegExp(`"payload":\\{.*?"timestamp":${STRING}`);
const SOURCE = new RegExp(`"source":(?:${STRING}|(\\{))`);
const ORIGINATOR = new RegExp(`"originator":${STRING}`);
const THREAD_SOURCE = new RegExp(`"thread_source":${STRING}`);
const PARENT = new RegExp(`"parent_thread_id":${STRING}`);
/** The fields after all those needed: if one is present, nothing was cut off. */
const BEHIND = /"(?:model_provider|base_instructions)":/;

/**
 * What the beginning of the line says, without parsing all of it: over ten thousand files
 * this saves a second. Null when a field is not there.
 */
export function metaOfHead(text: string): SessionMeta | null {
  if (!text.includes('"type":"session_meta"')) return null;
  const cwd = text.match(CWD)?.[1];
  const source = text.match(SOURCE);
  if (cwd === undefined || !source || !BEHIND.test(text)) return null;
  return {
    cwd: JSON.parse(`"${cwd}"`),
    createdAt: text.match(CREATED)?.[1] ?? "",
    ...startedBy({
      source: source[1] ?? {},
      originator: text.match(ORIGINATOR)?.[1],
      thread_source: text.match(THREAD_SOURCE)?.[1],
      parent_thread_id: text.match(PARENT)?.[1],
    }),
  };
}

/** The same from the whole first line, whatever the order of its fields. */
export function metaOfLine(text: string): SessionMeta | null {
  const line = JSON.parse(text.slice(0, text.indexOf("\n") + 1 || undefined));
  const { payload } = line;
  if (line.type !== "session_meta" || typeof payload?.cwd !== "string") {
    return null;
  }
  return {
    cwd: payload.cwd,
    createdAt: typeof payload.timestamp === "string" ? payload.timestamp : "",
    ...startedBy(payload),
  };
}

/** Who started a thread. The source of a sub-agent is an object, not a word. */
function startedBy(
  { source, originator, thread_source, parent_thread_id }: Record<
    string,
    unknown
  >,
): Pick<SessionMeta, "source" | "isSubAgent" | "parentId"> {
  const isObject = typeof source === "object" && source !== null;
  const isSubAgent = isObject || thread_source === "subagent";
  const ours = originator === OURS || thread_source === OURS;
  return {
    source: isSubAgent
      ? "subagent"
      : ours
      ? OURS
      : typeof source === "string"
      ? source
      : "unknown",
    isSubAgent,
    parentId: typeof parent_thread_id === "string" ? parent_thread_id : null,
  };
}
