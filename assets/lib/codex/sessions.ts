/**
 * Codex's own record of its threads: `sessions/YYYY/MM/DD/rollout-<time>-<id>.jsonl`, its
 * first line a `session_meta`. Read only; codex writes them. A thread whose last messages
 * were rolled back continues in another file, `…-<id>_<part>.jsonl`; the newest counts.
 */
import { entriesOf } from "../system/files.ts";
import { codexHome } from "../system/paths.ts";
import { type SessionMeta, sessionMetaOf, startsIn } from "./session_meta.ts";

/** A thread's file and when it was last written, ms since the epoch. */
export interface SessionFile {
  threadId: string;
  path: string;
  changedMs: number;
}

/** A file by its name alone. */
interface NamedFile {
  threadId: string;
  /** The id that other files use for it: the part's, or the thread's own. */
  part: string;
  path: string;
}

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const FILE_NAME = new RegExp(
  `^rollout-.*-(${UUID})(?:_(${UUID}))?\\.jsonl(?:\\.zst)?$`,
);

/**
 * Every session file, in no order.
 * @param since the folder of the first day that matters, `YYYY/MM/DD`; "" for all
 */
function* walk(
  since = "",
  root = `${codexHome()}/sessions`,
  day = "",
): Generator<NamedFile> {
  for (const { name, isDirectory } of entriesOf(root)) {
    const path = `${root}/${name}`;
    if (isDirectory) {
      const below = day === "" ? name : `${day}/${name}`;
      // Compared by the length of the folder's name: a year with a year.
      if (below >= since.slice(0, below.length)) {
        yield* walk(since, path, below);
      }
      continue;
    }
    const [, threadId, part] = name.match(FILE_NAME) ?? [];
    if (threadId) yield { threadId, part: part ?? threadId, path };
  }
}

/** The one of two files of a thread that counts: the later part, plain before packed. */
const later = (a: NamedFile, b: NamedFile): NamedFile =>
  a.part === b.part ? (a.path < b.path ? a : b) : (a.part > b.part ? a : b);

/** One file per thread, by its id. */
function currentFiles(): Map<string, NamedFile> {
  const files = new Map<string, NamedFile>();
  for (const file of walk()) {
    const other = files.get(file.threadId);
    files.set(file.threadId, other ? later(file, other) : file);
  }
  return files;
}

/** All threads that are not archived, the last written first. */
export function sessionFiles(): SessionFile[] {
  const files: SessionFile[] = [];
  for (const { threadId, path } of currentFiles().values()) {
    try {
      const changedMs = Deno.statSync(path).mtime?.getTime() ?? 0;
      files.push({ threadId, path, changedMs });
    } catch {
      // Archived or deleted while we looked.
    }
  }
  return files.sort((a, b) => b.changedMs - a.changedMs);
}

/** The file of a thread, or null; archived threads count as gone. */
export const findThreadFile = (threadId: string): string | null =>
  find(threadId, (file) => file.threadId === threadId);

/** The file that a `history_base` names, or null. */
export const findPart = (part: string): string | null =>
  find(part, (file) => file.part === part);

/** The latest of the files that fit; only copies can be older than the time in `id`. */
function find(id: string, fits: (file: NamedFile) => boolean): string | null {
  for (const since of new Set([dayBefore(id), ""])) {
    let found: NamedFile | null = null;
    for (const file of walk(since)) {
      if (fits(file)) found = found ? later(file, found) : file;
    }
    if (found) return found.path;
  }
  return null;
}

/** The ids of the threads that begin or end with `part`; people are shown the end. */
export const threadsNamed = (part: string): string[] =>
  [...currentFiles().keys()].filter((id) =>
    id.startsWith(part) || id.endsWith(part)
  );

/** Whether codex has archived the thread. */
export function isArchived(threadId: string): boolean {
  for (const file of walk("", `${codexHome()}/archived_sessions`)) {
    if (file.threadId === threadId) return true;
  }
  return false;
}

/**
 * The folder of the day before the time in a UUIDv7, as folders are named in local time; ""
 * for an older id, which has no time.
 */
function dayBefore(id: string): string {
  if (id[14] !== "7") return "";
  const time = parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  return new Date(time - 24 * 60 * 60 * 1000).toISOString()
    .slice(0, 10).replaceAll("-", "/");
}

/** A thread with what its first line says. */
export type Session = SessionFile & SessionMeta;

/** All threads, newest first; files are opened one by one as the caller goes on. */
export function* sessions(): Generator<Session> {
  for (const file of sessionFiles()) {
    const meta = sessionMetaOf(file.path);
    if (meta) yield { ...file, ...meta };
  }
}

/**
 * The newest thread that a person or a tool started in the directory `dir` or below it.
 * @param isWanted lets the caller skip threads that it knows more of
 */
export function findNewestThread(
  dir: string,
  isWanted: (session: Session) => boolean = () => true,
): Session | null {
  const candidate = startsIn(dir);
  for (const file of sessionFiles()) {
    if (!candidate(file.path)) continue;
    const meta = sessionMetaOf(file.path);
    const session = meta && { ...file, ...meta };
    if (session && !session.isSubAgent && isWanted(session)) return session;
  }
  return null;
}
