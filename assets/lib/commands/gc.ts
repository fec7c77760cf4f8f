/** `gc`: removes old turns, or those that are named. */
import {
  type Command,
  flag,
  type Invocation,
  numberOption,
} from "../cli/command.ts";
import { CliError, usageError } from "../cli/errors.ts";
import { documentLine } from "../output/json.ts";
import { noteLine } from "../output/note.ts";
import {
  KEEP_DAYS,
  type RemovalOptions,
  removeTurns,
  sweep,
  type SweepReport,
} from "../turns/gc.ts";
import { inspectTurn } from "../turns/inspect.ts";
import { checkRoot } from "../turns/root.ts";
import { isOver } from "../turns/state.ts";
import { listTurnIds } from "../turns/store.ts";
import { LAUNCHER } from "../version.ts";
import { NAMED_TURN_HELP, requireTurn, turnInWords } from "./name_turn.ts";

/** The verb `gc`. */
export const command: Command = {
  name: "gc",
  group: "keep",
  positionals: "own",
  summary: "remove turns that are older than 7 days, or those that are named",
  usage: "[TURN… | --days N] [--dry-run]",
  details: `${NAMED_TURN_HELP}.
Turns whose worker lives stay, however old. setup does the same, and so does the
first worker that ends on a new day. What the system does not let go is told, and the
others go. A turn that is named goes at once, unless it runs. Codex keeps its threads.`,
  examples: [
    "codex-server gc",
    "codex-server gc --days 30 --dry-run",
    "codex-server gc 6d03171f",
  ],
  options: [
    {
      name: "days",
      type: "number",
      value: "N",
      help: `keep turns younger than this (default ${KEEP_DAYS})`,
    },
    { name: "dry-run", type: "boolean", help: "only say which would go" },
  ],
  withoutLogin: true,
  run(invocation) {
    const { args, json, stdout, stderr } = invocation;
    checkRoot();
    const dryRun = flag(args, "dry-run");
    const days = numberOption(args, "days");
    if (args.positionals.length > 0 && days !== null) {
      throw usageError("--days does not go with turns that are named");
    }
    // A description needs the prompt: made before removal.
    const words = new Map<string, string>();
    const onRemove = (turnId: string, bytes: number) =>
      words.set(turnId, `${turnInWords(turnId)}, ${megabytes(bytes)}`);
    const options = { dryRun, onRemove };
    const report = args.positionals.length === 0
      ? sweep({ keepDays: days ?? KEEP_DAYS, ...options })
      : sweepNamed(namedTurns(invocation), options);
    for (const { path, reason } of report.refused) {
      stderr(noteLine(`${path} cannot be removed: ${reason}`));
    }
    if (json) stdout(documentLine({ ...report, dry_run: dryRun }));
    else if (report.skipped) {
      stdout("Another sweep is at work; nothing was done\n");
    } else {
      const lines = dryRun ? report.removed.map((id) => words.get(id)) : [];
      stdout([...lines, summary(report, dryRun), ""].join("\n"));
    }
    return 0;
  },
};

function sweepNamed(turnIds: string[], options: RemovalOptions): SweepReport {
  const before = listTurnIds().length;
  const removal = removeTurns(turnIds, options);
  const kept = before - removal.removed.length;
  return { ...removal, kept, skipped: false };
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const summary = (
  { removed, bytes, kept, refused }: SweepReport,
  dryRun: boolean,
): string =>
  [
    `${dryRun ? "Would remove" : "Removed"} ${removed.length} ${
      removed.length === 1 ? "turn" : "turns"
    } (${megabytes(bytes)})`,
    `${kept} stay`,
    ...(refused.length > 0 ? [`${refused.length} refused`] : []),
  ].join(", ");

/**
 * The ids of the turns that are named, none of which runs.
 * @throws {CliError} `refused` for one that runs; none has been removed then
 */
function namedTurns({ args, stderr }: Invocation): string[] {
  const turnIds = args.positionals.map((reference) =>
    requireTurn({ args: { ...args, positionals: [reference] }, stderr })
  );
  const running = turnIds.find((id) => !isOver(inspectTurn(id).state));
  if (running === undefined) return [...new Set(turnIds)];
  throw new CliError(
    "refused",
    `Turn ${running} is running`,
    `stop it first: ${LAUNCHER} cancel ${running}`,
  );
}
