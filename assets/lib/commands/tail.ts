/** `tail`: what a turn has written so far, and with `--follow` what comes. */
import { type Command, flag, type Invocation } from "../cli/command.ts";
import { FileFollower } from "../turns/follow.ts";
import { waitForTurn } from "../turns/wait.ts";
import { pathsOf } from "../turns/store.ts";
import { exitOf, requireTurn, TURN_HELP } from "./name_turn.ts";
import { shownPieces } from "./shown.ts";
import { openTurnFile } from "./turn_file.ts";
import { resultOf, verdictLine } from "./verdict.ts";

/** The verb `tail`. */
export const command: Command = {
  name: "tail",
  group: "follow",
  positionals: "own",
  summary: "print a turn's out.txt so far; --follow streams it to the end",
  usage: "[TURN] [--follow]",
  details: `${TURN_HELP}
With --follow the exit code is the turn's (see wait --help); without it is 0.`,
  examples: ["codex-server tail", "codex-server tail -f 6d03171f"],
  options: [{
    name: "follow",
    short: "f",
    type: "boolean",
    help: "stream until the turn is over",
  }],
  async run(invocation) {
    const turnId = requireTurn(invocation);
    if (flag(invocation.args, "follow")) {
      return await followTurn(turnId, invocation);
    }
    using follower = openOut(turnId);
    const show = shownPieces();
    follower.drain((bytes) => invocation.stdout(show(bytes)));
    return 0;
  },
};

/** Streams out.txt until the turn is over; returns the exit code of the turn. */
export async function followTurn(
  turnId: string,
  { stdout, stderr }: Invocation,
): Promise<number> {
  using follower = openOut(turnId);
  const show = shownPieces();
  const inspection = await waitForTurn(turnId, {
    onLook: () => follower.drain((bytes) => stdout(show(bytes))),
  });
  const result = resultOf(turnId, inspection);
  const exit = exitOf(inspection.state, result);
  if (exit !== 0) stderr(verdictLine(turnId, inspection.state, result));
  return exit;
}

const openOut = (turnId: string): FileFollower =>
  openTurnFile(turnId, "out.txt", () => new FileFollower(pathsOf(turnId).out));
