/**
 * Codex's own record of its threads: `sessions/YYYY/MM/DD/rollout-<time>-<id>.jsonl`,
 * one file a thread, its first line a `session_meta`. Read only; codex writes them.
 */
import { entriesOf } from "../system/files.ts";
import { codexHome } from "../system/paths.ts";
import { mayBeOf, type SessionMeta, sessionMetaOf } from "./session_meta.ts";

/** A thread's file and when it was last written, ms since the epoch. */
export interface SessionFile {
  threadId: string;
  path: string;
  changedMs: number;
}

const FILE_NAME =
  /^rollout-.*-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/;

/** Every session file below `dir`; nothing where the directory is missing. */
function* walk(dir: string): Generator<{ threadId: string; path: string }> {
  for (const { name, isDirectory } of entriesOf(dir)) {
    if (isDirectory) {
      yield* walk(`${dir}/${name}`);
      continue;
    }
    const threadId = name.match(FILE_NAME)?.[1];
    if (threadId) yield { threadId, path: `${dir}/${name}` };
  }
}

/** All threads that are not archived, the one that was written last first. */
export function sessionFiles(): SessionFile[] {
  const files: SessionFile[] = [];
  for (const { threadId, path } of walk(`${codexHome()}/sessions`)) {
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
export function findThreadFile(threadId: string): string | null {
  const root = `${codexHome()}/sessions`;
  for (const day of likelyDays(threadId)) {
    for (const file of walk(`${root}/${day}`)) {
      if (file.threadId === threadId) return file.path;
    }
  }
  for (const file of walk(root)) {
    if (file.threadId === threadId) return file.path;
  }
  return null;
}

/** The days around the time in a UUIDv7: the folder is named in local time. */
function likelyDays(threadId: string): string[] {
  const time = parseInt(threadId.slice(0, 8) + threadId.slice(9, 13), 16);
  if (!Number.isFinite(time)) return [];
  return [0, -1, 1].map((offset) => {
    const day = new Date(time + offset * 24 * 60 * 60 * 1000);
    return day.toISOString().slice(0, 10).replaceAll("-", "/");
  });
}

/** A thread with what its first line says. */
export type Session = SessionFile & SessionMeta;

/**
 * The threads that a person or a tool started, newest first, sub-agents and reviews left
 * out. Files are opened one by one as the caller goes on.
 */
export function* startedThreads(): Generator<Session> {
  for (const file of sessionFiles()) {
    const meta = sessionMetaOf(file.path);
    if (meta && !meta.isSubAgent) yield { ...file, ...meta };
  }
}

/**
 * The newest thread of the directory `cwd` that a person or a tool started.
 * @param isWanted lets the caller pass threads by that it knows more of
 */
export function findNewestThread(
  cwd: string,
  isWanted: (threadId: string) => boolean = () => true,
): { id: string; path: string } | null {
  const candidate = mayBeOf(cwd);
  for (const { threadId, path } of sessionFiles()) {
    if (!candidate(path)) continue;
    const meta = sessionMetaOf(path);
    if (meta && !meta.isSubAgent && meta.cwd === cwd && isWanted(threadId)) {
      return { id: threadId, path };
    }
  }
  return null;
}
