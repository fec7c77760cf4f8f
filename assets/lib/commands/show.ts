/** `show`: what a thread is and what was said on it last, as JSON. */
import { type Command, numberOption } from "../cli/command.ts";
import { jsonText } from "../events/json_text.ts";
import { CliError, usageError } from "../cli/errors.ts";
import { sessionMetaOf } from "../codex/session_meta.ts";
import { findThreadFile } from "../codex/sessions.ts";
import { lastMessages } from "../codex/transcript.ts";
import { isThreadId, lastTurnOf } from "../turns/threads.ts";
import { LAUNCHER, SCHEMA_VERSION } from "../version.ts";

const DEFAULT_LIMIT = 10;
/** The tail is looked for within this much of the file's end. */
const TAIL_BYTES = 4 << 20;

/** The verb `show`. */
export const command: Command = {
  name: "show",
  group: "threads",
  positionals: "own",
  summary: "show a thread: what it is and its last messages, as JSON",
  usage: "<thread-id> [--limit N]",
  examples: ["codex-server show 01a1fe8e-d5c8-77c3-a907-82476d03171f"],
  options: [
    {
      name: "limit",
      short: "n",
      type: "number",
      value: "N",
      help: `how many messages (default ${DEFAULT_LIMIT})`,
    },
  ],
  run({ args, stdout }) {
    const [threadId, ...rest] = args.positionals;
    if (threadId === undefined || rest.length > 0) {
      throw usageError("Expected one thread id");
    }
    if (!isThreadId(threadId)) {
      throw usageError(
        "That is not a thread id",
        `see the threads with: ${LAUNCHER} list`,
      );
    }
    const path = findThreadFile(threadId);
    const meta = path === null ? null : sessionMetaOf(path);
    if (path === null || !meta) {
      throw new CliError(
        "no_such_thread",
        `There is no thread ${threadId}`,
        `see the threads with: ${LAUNCHER} list`,
      );
    }
    const limit = Math.floor(numberOption(args, "limit") ?? DEFAULT_LIMIT);
    stdout(
      jsonText({
        schema_version: SCHEMA_VERSION,
        thread_id: threadId,
        cwd: meta.cwd,
        created_at: meta.createdAt,
        updated_at: Deno.statSync(path).mtime?.toISOString() ?? null,
        source: meta.source,
        last_turn: lastTurnOf(threadId),
        path,
        messages: limit > 0 ? lastMessages(path, TAIL_BYTES).slice(-limit) : [],
      }) + "\n",
    );
    return 0;
  },
};
