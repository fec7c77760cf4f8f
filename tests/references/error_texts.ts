/** What references/error-handling.md says of each error code; the compiler holds the list complete. */
import type { ErrorCode } from "../../assets/lib/domain/error_codes.ts";

/** When a command raises the code, and when a turn ends with it: cause and remedy, in Markdown. */
export interface ErrorText {
  command?: [cause: string, remedy: string];
  turn?: [cause: string, remedy: string];
}

export const ERROR_TEXTS: Record<ErrorCode, ErrorText> = {
  usage: {
    command: [
      "the command line, the prompt (empty, not UTF-8, over 1,048,576 characters), a path",
      "do what the line says; `--help` on the command",
    ],
  },
  not_logged_in: {
    command: [
      "no ChatGPT login, or one that cannot be read",
      "`codex login`; [auth-setup.md](auth-setup.md)",
    ],
  },
  api_key_login: {
    command: [
      "auth.json holds an API key; it is left as it is",
      "`codex logout`, then `codex login` with the ChatGPT account",
    ],
  },
  not_a_repository: {
    command: [
      "the directory is not inside a git repository",
      "`--cwd` one, or `--skip-git-check`",
    ],
    turn: ["codex itself refused the directory", "`--skip-git-check`"],
  },
  thread_busy: {
    command: [
      "a turn is still running on the thread",
      "`wait` for the turn that the line names",
    ],
    turn: [
      "another program is writing to the thread, e.g. an open codex",
      "close it, or a new thread",
    ],
  },
  not_set_up: {
    command: ["there is no config.json", "run setup"],
  },
  bad_config: {
    command: [
      "config.json is no file or cannot be used",
      "run setup again; it keeps what can be kept",
    ],
    turn: [
      "codex's config.toml, a `--config`, or a policy or reviewer that this codex does not know",
      "read the message",
    ],
  },
  codex_missing: {
    command: [
      "the pinned codex is gone, is not executable, or others may write it; setup: none works",
      "install codex (`brew install codex`, `npm install -g @openai/codex`, or setup with `--install-codex`), run setup again",
    ],
    turn: [
      "the pinned codex went away after `new`, or is no program any more",
      "run setup again, then continue",
    ],
  },
  install_failed: {
    command: [
      "setup could not install codex",
      "read the lines above it; install it yourself",
    ],
  },
  still_running: {
    command: ["`result` of a turn that is not over", "`wait` for it"],
  },
  no_diff: {
    command: [
      "`diff` of a turn that the SDK engine ran: it names the files, not what was done to them",
      "`git diff` in its directory; `--engine app-server` keeps one",
    ],
  },
  not_taken: {
    command: [
      "a worker that is stopped, or too busy, did not take a steer or an answer in time",
      "nothing was done, unless the line says that it was taken: then `status` shows it",
    ],
  },
  interrupted: {
    command: [
      "Ctrl-C or another signal came before the worker had taken a steer or an answer",
      "nothing was done, unless the line says that it was taken",
    ],
  },
  not_running: {
    command: [
      "`steer`, `approve`, `decline` or `answer` of a turn that is over",
      "continue its thread: `continue --thread`",
    ],
  },
  refused: {
    command: [
      "the turn took the request and did not do it; the message says why (below)",
      "`status` lists what waits",
    ],
  },
  bad_schema: {
    command: [
      "the schema file is missing, is no file, is no JSON object, is nested deeper than 100 levels, or holds half of a surrogate pair",
      "mend the file",
    ],
  },
  no_such_turn: {
    command: [
      "no turn has that id, part of an id, or label in this repository; or none was started from it, or none of it runs; or it was swept in this moment",
      "`list-turns`",
    ],
  },
  no_such_thread: {
    command: [
      "no thread has that id, or it is archived; nothing to continue here",
      "`list`",
    ],
    turn: [
      "codex does not know the thread (any more)",
      "`list`; start a new one",
    ],
  },
  permission_denied: {
    command: [
      "a file or directory of `~/.codex-server` cannot be written, or Deno was started with too few rights",
      "check owner and mode; [permissions.md](permissions.md)",
    ],
  },
  disk_full: {
    command: ["no space or no inode left", "free some (`df`, `df -i`)"],
    turn: ["no space left while the turn ran", "free some, continue"],
  },
  unsafe_root: {
    command: [
      "`~/.codex-server` belongs to somebody else, or others may write it",
      "the line ends with the command that mends it",
    ],
  },
  spawn_failed: {
    command: [
      "the worker could not be started: too many processes or open files (`ulimit -u`, `-n`), or Deno moved",
      "check the limits; run setup again",
    ],
  },
  stdout_closed: {
    command: [
      "stdout is closed, or nobody reads the full pipe behind it. The launcher refuses a closed one before anything is done; otherwise the turn was started and nobody could be told",
      "`turn_id` stands in the message, if there is one; do not start it again then",
    ],
  },
  cache_incomplete: {
    command: [
      "setup: Deno's cache lacks a package and the network does not give it",
      "connect, run setup again",
    ],
  },
  incomplete_skill: {
    command: [
      "setup: the skill's deno.json or package.json is missing or broken",
      "install the skill again",
    ],
  },
  internal: {
    command: ["something unforeseen", "again; if it stays, report it"],
    turn: [
      "a fault in the worker, or its limits are too low (`ulimit -u`, `-n`)",
      "worker.log; report it",
    ],
  },
  corrupt: {
    command: ["the turn's files cannot be read", "start a new turn"],
  },
  cancelled: {
    turn: ["`cancel`, or the worker was told to stop by a signal", ""],
  },
  timed_out: {
    turn: ["it took longer than `--max-time`", "give more, or continue"],
  },
  stalled: {
    turn: [
      "codex sent nothing for `--idle-timeout` and waited for nothing",
      "continue; is the network there?",
    ],
  },
  abandoned: {
    turn: [
      "the worker is gone without an end: killed, crashed, out of memory, or the machine went down",
      "continue or start again",
    ],
  },
  gone: {
    turn: [
      "the turn's directory was removed while it ran",
      "nothing is left to do",
    ],
  },
  cwd_gone: {
    turn: [
      "the directory of the turn was removed before or while it ran; what codex said until then is there",
      "make it again, then continue",
    ],
  },
  not_json: {
    turn: [
      "a schema was given, but the answer is no JSON",
      '`result` shows the answer; say "JSON" in the prompt; mend the schema',
    ],
  },
  no_message: {
    turn: [
      "a schema was given, but codex ended the turn without a final message, or with an empty one",
      "`continue` the thread, or start the turn again",
    ],
  },
  no_review: {
    turn: [
      "the reviewer ended without findings, or the thread was not kept (`review --ephemeral`)",
      "out.txt has what it said; review again",
    ],
  },
  usage_limit: {
    turn: [
      "the plan's limit is used up; the message says until when",
      "wait, then continue. `resets_at` is there where codex gives a machine-readable time",
    ],
  },
  rate_limited: {
    turn: ["too many requests at once", "wait a little, continue"],
  },
  context_full: {
    turn: [
      "the thread is too long for the model",
      "a new thread with a summary",
    ],
  },
  unauthorized: {
    turn: [
      "the login has expired or was revoked",
      "`codex login`, then continue",
    ],
  },
  unreachable: {
    turn: [
      "the connection broke and codex's own retries did not help",
      "check the network, continue",
    ],
  },
  rejected: {
    turn: ["the service refused the request", "check model, schema and images"],
  },
  handshake_failed: {
    turn: [
      "codex's app-server does not answer, and the turn could not or must not run through the SDK (`--engine app-server`, `review`, `--approvals ask` …)",
      "run setup again; [app-server.md](app-server.md)",
    ],
  },
  codex_exited: {
    turn: [
      "codex died; the message has its exit code or signal and the last 8 KB of its stderr",
      "worker.log has its last words",
    ],
  },
  codex_failed: {
    turn: [
      "codex said why, in words that are not known here; it refused the thread or the turn; or it wrote a line of more than 64 MB",
      "the message is codex's",
    ],
  },
  incomplete: {
    turn: [
      "codex ended in good order, or closed its output, without an end of the turn",
      "continue",
    ],
  },
  failed: {
    turn: [
      "the turn has an `error` marker and no reason was left: on a full disk none may fit",
      "worker.log",
    ],
  },
};
