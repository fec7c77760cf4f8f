/** `list`: recent threads of codex, whoever started them, as a table or as JSON. */
import { type Command, flag, numberOption } from "../cli/command.ts";
import { listLine } from "../output/json.ts";
import { repositoryOf } from "../system/repository.ts";
import { stdoutIsTerminal } from "../system/stdio.ts";
import { currentDirectory } from "../system/surroundings.ts";
import { threadRows } from "./thread_rows.ts";

const DEFAULT_LIMIT = 20;

/** The verb `list`. */
export const command: Command = {
  name: "list",
  group: "threads",
  positionals: "none",
  summary: "list recent threads: age, who started them, first prompt",
  usage: "[--limit N] [--here] [--all]",
  details:
    `A thread is a conversation with codex, of one turn or many, whoever started it;
list-turns lists the turns.
Reads codex's own session files, the newest first, archived ones aside. Threads
of reviews are marked (kind); sub-agents of codex come with --all.`,
  examples: ["codex-server list", "codex-server list --here --limit 5"],
  options: [
    {
      name: "limit",
      short: "n",
      type: "number",
      value: "N",
      help: `how many (default ${DEFAULT_LIMIT})`,
    },
    { name: "here", type: "boolean", help: "only threads of this repository" },
    { name: "all", type: "boolean", help: "sub-agents and reviewers as well" },
  ],
  async run({ args, json, stdout }) {
    const threads = threadRows({
      limit: Math.floor(numberOption(args, "limit") ?? DEFAULT_LIMIT),
      repository: flag(args, "here") ? repositoryOf(currentDirectory()) : null,
      all: flag(args, "all"),
    });
    if (json || !stdoutIsTerminal()) {
      stdout(listLine("threads", threads, null));
    } else {
      const { threadTable } = await import("./thread_tables.ts");
      stdout(threadTable(threads));
    }
    return 0;
  },
};
