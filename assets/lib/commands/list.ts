/** `list`: recent threads of codex, whoever started them, as JSON. */
import { type Command, flag, numberOption } from "../cli/command.ts";
import { jsonText } from "../events/json_text.ts";
import { startedThreads } from "../codex/sessions.ts";
import { currentDirectory } from "../system/surroundings.ts";
import { firstMessages } from "../codex/transcript.ts";
import { SCHEMA_VERSION } from "../version.ts";

const DEFAULT_LIMIT = 20;
/** The first prompt stands behind codex's own instructions; it is found within this much. */
const PREVIEW_BYTES = 256 * 1024;
const PREVIEW_CHARACTERS = 120;

/** The verb `list`. */
export const command: Command = {
  name: "list",
  group: "threads",
  positionals: "none",
  summary: "list recent threads of codex, as JSON",
  usage: "[--limit N] [--here]",
  details:
    `Reads codex's own session files; threads that codex started by itself (sub-agents,
reviews) and archived ones are left out. The newest comes first.`,
  examples: ["codex-server list", "codex-server list --here --limit 5"],
  options: [
    {
      name: "limit",
      short: "n",
      type: "number",
      value: "N",
      help: `how many (default ${DEFAULT_LIMIT})`,
    },
    { name: "here", type: "boolean", help: "only threads of this directory" },
  ],
  run({ args, stdout }) {
    const limit = Math.floor(numberOption(args, "limit") ?? DEFAULT_LIMIT);
    const here = flag(args, "here") ? currentDirectory() : null;
    const threads: Record<string, unknown>[] = [];
    for (const session of limit > 0 ? startedThreads() : []) {
      if (here !== null && session.cwd !== here) continue;
      threads.push({
        thread_id: session.threadId,
        cwd: session.cwd,
        created_at: session.createdAt,
        updated_at: new Date(session.changedMs).toISOString(),
        source: session.source,
        preview: previewOf(session.path),
        path: session.path,
      });
      if (threads.length >= limit) break;
    }
    stdout(jsonText({ schema_version: SCHEMA_VERSION, threads }) + "\n");
    return 0;
  },
};

/** The beginning of the first prompt, on one line. */
function previewOf(path: string): string {
  const first = firstMessages(path, PREVIEW_BYTES).find(({ role }) =>
    role === "user"
  );
  return first?.text.replace(/\s+/g, " ").trim().slice(0, PREVIEW_CHARACTERS) ??
    "";
}
