/** `decline`: says no to something that codex asks. */
import type { Command } from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import { LIVE_TURN_HELP } from "./name_turn.ts";
import { tellWorker } from "./tell_worker.ts";

/** The verb `decline`. */
export const command: Command = {
  name: "decline",
  group: "decide",
  positionals: "own",
  summary: "say no to what a turn asks; the turn goes on without it",
  usage: "[TURN [REQUEST]]",
  details: `${LIVE_TURN_HELP}
REQUEST is needed only when several wait; status lists them under pending.`,
  examples: [
    "codex-server decline 6d03171f",
    "codex-server decline 6d03171f r1",
  ],
  options: [],
  withoutLogin: true,
  async run(invocation) {
    const [turn, requestId = "", ...rest] = invocation.args.positionals;
    if (rest.length > 0) {
      throw usageError("Expected a turn, and a request if several wait");
    }
    return await tellWorker(
      turn,
      { kind: "answer", request_id: requestId, answer: { kind: "decline" } },
      invocation,
    );
  },
};
