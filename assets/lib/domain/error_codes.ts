/**
 * All error codes of this tool in one closed table. A command that raises one ends with
 * its exit code; a turn that ended with one has it in result.json as `error.code`, and
 * exits 1 or, for those of `schema`, 5. references/error-handling.md lists them all.
 */

/** Exit codes of every command; a contract. */
export const EXIT = {
  ok: 0,
  /** The turn failed, was cancelled or abandoned. */
  failed: 1,
  /** It could not start: usage, not logged in, thread busy. */
  usage: 2,
  /** Codex is missing or unreachable. */
  codex: 3,
  /** Still running at the deadline. */
  running: 4,
  /** A schema or JSON problem. */
  schema: 5,
  /** No such turn or thread. */
  unknown: 6,
  /** The machine refused: disk, permission, spawn. */
  machine: 7,
  /** The turn asks something. */
  asks: 8,
  interrupted: 130,
} as const;

/** Code → the exit code of a command that raises it; null for one that only turns end with. */
export const TABLE = {
  usage: EXIT.usage,
  not_logged_in: EXIT.usage,
  api_key_login: EXIT.usage,
  not_a_repository: EXIT.usage,
  thread_busy: EXIT.usage,
  not_set_up: EXIT.codex,
  bad_config: EXIT.codex,
  codex_missing: EXIT.codex,
  install_failed: EXIT.codex,
  still_running: EXIT.running,
  not_taken: EXIT.running,
  interrupted: EXIT.interrupted,
  not_running: EXIT.failed,
  refused: EXIT.failed,
  no_diff: EXIT.failed,
  bad_schema: EXIT.schema,
  no_such_turn: EXIT.unknown,
  no_such_thread: EXIT.unknown,
  permission_denied: EXIT.machine,
  disk_full: EXIT.machine,
  unsafe_root: EXIT.machine,
  spawn_failed: EXIT.machine,
  stdout_closed: EXIT.machine,
  cache_incomplete: EXIT.machine,
  incomplete_skill: EXIT.machine,
  internal: EXIT.machine,
  corrupt: EXIT.failed,
  cancelled: null,
  timed_out: null,
  stalled: null,
  abandoned: null,
  gone: null,
  cwd_gone: null,
  not_json: null,
  no_message: null,
  no_review: null,
  usage_limit: null,
  rate_limited: null,
  context_full: null,
  unauthorized: null,
  unreachable: null,
  rejected: null,
  handshake_failed: null,
  codex_exited: null,
  codex_failed: null,
  incomplete: null,
  failed: null,
} as const;

/** A word that programs can branch on. */
export type ErrorCode = keyof typeof TABLE;

/** The table itself: each code with its exit code, or null. */
export const ERROR_CODES: Readonly<Record<ErrorCode, number | null>> = TABLE;

/** The exit code of a command that raises `code`. */
export const exitOfCode = (code: ErrorCode): number =>
  ERROR_CODES[code] ?? EXIT.failed;
