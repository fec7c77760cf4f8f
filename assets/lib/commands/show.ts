/** `show`: what a thread is and what was said on it last, for people or as JSON. */
import { type Command, numberOption } from "../cli/command.ts";
import { CliError, usageError } from "../cli/errors.ts";
import { isPacked } from "../codex/rollout_file.ts";
import { sessionMetaOf } from "../codex/session_meta.ts";
import { lastMessages } from "../codex/transcript.ts";
import { documentLine } from "../output/json.ts";
import { stdoutIsTerminal } from "../system/stdio.ts";
import { checkRoot } from "../turns/root.ts";
import { lastTurnOf } from "../turns/threads.ts";
import { LAUNCHER } from "../version.ts";
import { namedThread, THREAD_HELP } from "./name_thread.ts";
import { kindOf } from "./thread_rows.ts";

const DEFAULT_LIMIT = 10;

/** The verb `show`. */
export const command: Command = {
  name: "show",
  group: "threads",
  positionals: "own",
  summary: "show a thread: what it is and its last messages",
  usage: "THREAD [--limit N]",
  details: `${THREAD_HELP}
Messages that were taken back are left out; those of a fork begin with its parent's.`,
  examples: [
    "codex-server show 01a1fe8e-d5c8-77c3-a907-824799b88933",
    "codex-server show 6d03171f --limit 2",
  ],
  options: [
    {
      name: "limit",
      short: "n",
      type: "number",
      value: "N",
      help: `how many messages (default ${DEFAULT_LIMIT})`,
    },
  ],
  async run({ args, json, stdout }) {
    const [reference, ...rest] = args.positionals;
    if (reference === undefined || rest.length > 0) {
      throw usageError(
        "Expected one thread",
        `see the threads with: ${LAUNCHER} list`,
      );
    }
    checkRoot();
    const { threadId, path } = namedThread(reference);
    const meta = sessionMetaOf(path);
    if (!meta) {
      throw new CliError(
        "no_such_thread",
        `The session file of thread ${threadId} cannot be read: ${path}`,
        `see the threads with: ${LAUNCHER} list`,
      );
    }
    const limit = Math.floor(numberOption(args, "limit") ?? DEFAULT_LIMIT);
    const thread = {
      thread_id: threadId,
      cwd: meta.cwd,
      created_at: meta.createdAt,
      updated_at: Deno.statSync(path).mtime?.toISOString() ?? null,
      source: meta.source,
      kind: kindOf(threadId, meta, path),
      parent_thread_id: meta.parentId,
      last_turn: lastTurnOf(threadId),
      compressed: isPacked(path),
      path,
      messages: lastMessages(path, limit),
    };
    if (json || !stdoutIsTerminal()) {
      stdout(documentLine(thread));
    } else {
      const { threadText } = await import("./thread_tables.ts");
      stdout(threadText(thread));
    }
    return 0;
  },
};
