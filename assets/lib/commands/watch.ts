/** `watch`: a line for each thing worth knowing, made for a monitor. */
import { type Command, type Invocation, numberOption } from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import { neutralText } from "../render/neutral_text.ts";
import { shortLine, watchLine } from "../render/watch_line.ts";
import { monotonicMs } from "../system/clock.ts";
import { EventReader } from "../turns/event_reader.ts";
import { waitForTurn } from "../turns/wait.ts";
import { pathsOf } from "../turns/store.ts";
import { exitOf, requireTurn, TURN_HELP } from "./name_turn.ts";
import { Pace } from "./pace.ts";
import { whenDetached } from "./detach.ts";
import { followEvents } from "./event_lines.ts";
import { openTurnFile } from "./turn_file.ts";
import { resultOf } from "./verdict.ts";
import { LAUNCHER } from "../version.ts";

/** The verb `watch`. */
export const command: Command = {
  name: "watch",
  group: "follow",
  positionals: "own",
  summary: "print a short line for each thing worth knowing, to the end",
  usage: "[TURN…] [--since N]",
  details: `${TURN_HELP}
Lines have at most 200 characters and come a few a second at most; the last one tells how
the turn ended. Each begins with the end of the turn's id and the number of the event:
give that number to --since to go on later without a replay. The exit code is the
turn's, of several turns the highest.`,
  examples: ["codex-server watch", "codex-server watch 6d03171f --since 12"],
  options: [
    {
      name: "since",
      type: "number",
      value: "N",
      help: "leave out what came up to event N (one turn only)",
    },
  ],
  withoutLogin: true,
  async run(invocation) {
    const { args } = invocation;
    const since = numberOption(args, "since") ?? 0;
    const references = args.positionals.length > 0 ? args.positionals : [null];
    if (since > 0 && references.length > 1) {
      throw usageError("--since goes with one turn");
    }
    const turnIds = references.map((reference) =>
      requireTurn({
        args: { ...args, positionals: reference === null ? [] : [reference] },
        stderr: invocation.stderr,
      })
    );
    if (invocation.json) {
      return await followEvents(turnIds, invocation, { since });
    }
    using _detach = whenDetached(turnIds, invocation);
    const exits = await Promise.all(
      turnIds.map((turnId) => watchTurn(turnId, since, invocation)),
    );
    return Math.max(...exits);
  },
};

/** How often a line that was held back is tried again, in ms. */
const FLUSH_MS = 250;

async function watchTurn(
  turnId: string,
  since: number,
  { stdout }: Invocation,
): Promise<number> {
  using reader = openTurnFile(
    turnId,
    "events.jsonl",
    () => new EventReader(pathsOf(turnId).events),
  );
  const name = turnId.slice(-8);
  const started = monotonicMs();
  const pace = new Pace((text) => stdout(`${shortLine(neutralText(text))}\n`));
  let last = since;
  const look = () => {
    reader.drain(({ number, event }) => {
      last = Math.max(last, number);
      const line = number > since ? watchLine(turnId, event) : null;
      if (line) {
        pace.say(`${name} #${number} ${line.text}`, line.urgent, monotonicMs());
      }
    });
    pace.flush(monotonicMs());
  };
  // A line that was held back is shown when there is room, not at the next event.
  const timer = setInterval(() => pace.flush(monotonicMs()), FLUSH_MS);
  const inspection = await waitForTurn(turnId, { onLook: look });
  clearInterval(timer);
  pace.flush(Infinity);
  const result = resultOf(turnId, inspection);
  const seconds = Math.round(
    (result?.metrics?.latency_ms ?? monotonicMs() - started) / 1000,
  );
  const told = result?.error
    ? `[${inspection.state}] ${result.error.message} — ${result.error.hint}`
    : inspection.state === "missing"
    ? "[missing] The turn was removed"
    : `[${inspection.state}] after ${seconds} s; the answer: ${LAUNCHER} result ${turnId}`;
  stdout(`${shortLine(neutralText(`${name} #${last} ${told}`))}\n`);
  return exitOf(inspection.state, result);
}
