/** `tail`: what a turn has written so far, and with `--follow` what comes. */
import {
  type Command,
  flag,
  type Invocation,
  numberOption,
} from "../cli/command.ts";
import type { OptionSpec } from "../cli/args.ts";
import { usageError } from "../cli/errors.ts";
import { FileFollower } from "../turns/follow.ts";
import { offsetOfLastLines } from "../turns/last_lines.ts";
import { pathsOf } from "../turns/store.ts";
import { waitForTurn } from "../turns/wait.ts";
import { tellEnd } from "./end.ts";
import { followEvents, printEvents } from "./event_lines.ts";
import { exitOf, requireTurn, TURN_HELP } from "./name_turn.ts";
import { InPlace } from "./in_place.ts";
import { Screen } from "./screen.ts";
import { openTurnFile } from "./turn_file.ts";
import { resultOf } from "./verdict.ts";

/** `--timeout` of verbs that stay with a turn: for how long. */
export const WAIT_TIMEOUT: OptionSpec = {
  name: "timeout",
  type: "duration",
  value: "TIME",
  help: "stop waiting after so long (exit 4); the turn runs on",
};

/** The verb `tail`. */
export const command: Command = {
  name: "tail",
  group: "follow",
  positionals: "own",
  summary: "print a turn's out.txt so far; --follow streams it to the end",
  usage: "[TURN] [--lines N] [--follow [--timeout TIME]]",
  details: `${TURN_HELP}
With --follow the exit code is the turn's (see wait --help); without it is 0.
On a terminal it also puts what codex asks, and you answer in place: y, n, or d for
the diff. Ctrl-C ends the following only; the turn runs on. With --json: the turn's
events, one a line.`,
  examples: [
    "codex-server tail",
    "codex-server tail -n 20 6d03171f",
    "codex-server tail -f 6d03171f",
  ],
  options: [
    {
      name: "follow",
      short: "f",
      type: "boolean",
      help: "stream until the turn is over",
    },
    {
      name: "lines",
      short: "n",
      type: "number",
      value: "N",
      help: "begin with the last N lines; else with the first",
    },
    WAIT_TIMEOUT,
  ],
  async run(invocation) {
    const { args, json } = invocation;
    const last = numberOption(args, "lines");
    // 0 is no limit, as everywhere but in `wait`.
    const timeoutS = numberOption(args, "timeout") || null;
    const follow = flag(args, "follow");
    if (last !== null && !Number.isInteger(last)) {
      throw usageError("--lines needs a whole number");
    }
    if ("timeout" in args.options && !follow) {
      throw usageError(
        "--timeout says how long to follow",
        "add --follow; tail alone does not wait",
      );
    }
    const turnId = requireTurn(invocation);
    if (follow) return await followTurn(turnId, invocation, { last, timeoutS });
    if (json) {
      printEvents(turnId, invocation, { last });
      return 0;
    }
    using follower = openOut(turnId, last);
    using screen = new Screen(turnId, invocation);
    follower.drain((bytes) => screen.write(bytes));
    return 0;
  },
};

/** Where following begins, and how long it may take. */
export interface FollowOptions {
  /** Begin with this many last lines; null: with the first. */
  last?: number | null;
  /** In seconds; null follows to the end. */
  timeoutS?: number | null;
}

/** Streams out.txt, with `--json` the events, until the turn is over; returns its exit code. */
export async function followTurn(
  turnId: string,
  invocation: Invocation,
  { last = null, timeoutS = null }: FollowOptions = {},
): Promise<number> {
  if (invocation.json) {
    return await followEvents([turnId], invocation, { last, timeoutS });
  }
  using follower = openOut(turnId, last);
  using screen = new Screen(turnId, invocation);
  const inPlace = new InPlace(turnId, screen, invocation);
  const inspection = await waitForTurn(turnId, {
    timeoutMs: timeoutS === null ? null : timeoutS * 1000,
    onLook: () => {
      follower.drain((bytes) => screen.write(bytes));
      inPlace.look();
    },
  });
  inPlace.end();
  const result = resultOf(turnId, inspection);
  screen.leave();
  if (exitOf(inspection.state, result) !== 0) screen.endLineForStderr();
  return tellEnd(turnId, inspection, result, invocation, {
    out: true,
    timeoutS,
  });
}

function openOut(turnId: string, last: number | null): FileFollower {
  const { out } = pathsOf(turnId);
  return openTurnFile(
    turnId,
    "out.txt",
    () =>
      new FileFollower(out, last === null ? 0 : offsetOfLastLines(out, last)),
  );
}
