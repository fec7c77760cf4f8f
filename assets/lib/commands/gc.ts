/** `gc`: removes old turns. */
import { type Command, flag, numberOption } from "../cli/command.ts";
import { jsonText } from "../events/json_text.ts";
import { KEEP_DAYS, sweep } from "../turns/gc.ts";
import { checkRoot } from "../turns/root.ts";
import { SCHEMA_VERSION } from "../version.ts";

/** The verb `gc`. */
export const command: Command = {
  name: "gc",
  group: "keep",
  positionals: "none",
  summary: "remove turns that are older than 7 days",
  usage: "[--days N] [--dry-run]",
  details:
    `Turns whose worker lives stay, however old. setup does the same, and so does the
first worker that ends on a new day.`,
  examples: ["codex-server gc", "codex-server gc --days 30 --dry-run"],
  options: [
    {
      name: "days",
      type: "number",
      value: "N",
      help: `keep turns younger than this (default ${KEEP_DAYS})`,
    },
    { name: "dry-run", type: "boolean", help: "only say what would go" },
  ],
  withoutLogin: true,
  run({ args, json, stdout }) {
    checkRoot();
    const dryRun = flag(args, "dry-run");
    const report = sweep({
      keepDays: numberOption(args, "days") ?? KEEP_DAYS,
      dryRun,
    });
    const { removed, kept, skipped } = report;
    if (json) {
      stdout(
        jsonText({
          schema_version: SCHEMA_VERSION,
          ...report,
          dry_run: dryRun,
        }) + "\n",
      );
    } else if (skipped) {
      stdout("Another sweep is at work; nothing was done\n");
    } else {
      stdout(
        `${dryRun ? "Would remove" : "Removed"} ${removed.length} ${
          removed.length === 1 ? "turn" : "turns"
        }, ${kept} stay\n`,
      );
    }
    return 0;
  },
};
