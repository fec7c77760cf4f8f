/** The rows of `list`: threads of codex, whoever started them. */
import { isPacked } from "../codex/rollout_file.ts";
import type { SessionMeta } from "../codex/session_meta.ts";
import { type Session, sessions } from "../codex/sessions.ts";
import { firstPrompt } from "../codex/transcript.ts";
import { repositoryOf } from "../system/repository.ts";
import { pathsOf, readMeta } from "../turns/store.ts";
import { lastTurnOf } from "../turns/threads.ts";

/** What a thread is: a conversation, a review, or one that codex started for itself. */
export type ThreadKind = "conversation" | "review" | "sub_agent";

/** A thread as `list` shows it. */
export interface ThreadRow {
  thread_id: string;
  kind: ThreadKind;
  /** Who started it: `codex-server`, `cli`, `exec`, `vscode`, …. */
  source: string;
  cwd: string;
  /** ISO 8601, like the next. */
  created_at: string;
  updated_at: string;
  /** The beginning of the first prompt, on one line. */
  preview: string;
  /** The turn of ours that used it last, or null. */
  last_turn: string | null;
  /** The thread that a sub-agent works for. */
  parent_thread_id: string | null;
  /** Codex has packed its file. */
  compressed: boolean;
  path: string;
}

/** Which threads are listed. */
export interface ThreadChoice {
  limit: number;
  /** Only those of this repository. */
  repository: string | null;
  /** Those that codex started for itself as well. */
  all: boolean;
}

/** The threads, the last written first; only the files needed are opened. */
export function threadRows(
  { limit, repository, all }: ThreadChoice,
): ThreadRow[] {
  const rows: ThreadRow[] = [];
  for (const session of limit > 0 ? sessions() : []) {
    if (session.isSubAgent && !all) continue;
    if (repository !== null && repositoryOf(session.cwd) !== repository) {
      continue;
    }
    rows.push(rowOf(session));
    if (rows.length >= limit) break;
  }
  return rows;
}

function rowOf(session: Session): ThreadRow {
  const { threadId, path } = session;
  const said = firstPromptOf(path);
  return {
    thread_id: threadId,
    kind: kindOf(threadId, session, path),
    source: session.source,
    cwd: session.cwd,
    created_at: session.createdAt,
    updated_at: new Date(session.changedMs).toISOString(),
    preview: previewOf(said),
    last_turn: lastTurnOf(threadId),
    parent_thread_id: session.parentId,
    compressed: isPacked(path),
    path,
  };
}

/** What kind of thread it is. A review begins with words that codex writes as the user's. */
export function kindOf(
  threadId: string,
  { isSubAgent }: SessionMeta,
  path: string,
): ThreadKind {
  if (isSubAgent) return "sub_agent";
  const turnId = lastTurnOf(threadId);
  const reading = turnId === null ? null : readMeta(pathsOf(turnId));
  const isReview = reading?.kind === "ok" && reading.meta.review ||
    REVIEW.test(firstPromptOf(path));
  return isReview ? "review" : "conversation";
}

const REVIEW = /^<user_action>\s*<context>User initiated a review/;
const PREVIEW_CHARACTERS = 120;

function firstPromptOf(path: string): string {
  try {
    return firstPrompt(path)?.text ?? "";
  } catch {
    return ""; // gone, or packed, but not with zstd
  }
}

const previewOf = (prompt: string): string =>
  (REVIEW.test(prompt) ? "Review" : prompt).replace(/\s+/g, " ").trim()
    .slice(0, PREVIEW_CHARACTERS);
