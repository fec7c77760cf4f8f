/** `decline`: says no to something that codex asks. */
import type { Command } from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import { answerRequest, ASKING_TURN_HELP } from "./answer_request.ts";
import { TIMEOUT_OPTION } from "./tell_worker.ts";

/** The verb `decline`. */
export const command: Command = {
  name: "decline",
  group: "decide",
  positionals: "own",
  summary: "say no to what a turn asks; the turn goes on without it",
  usage: "[TURN [REQUEST]]",
  details: `${ASKING_TURN_HELP}
status lists what waits under pending.`,
  examples: [
    "codex-server decline 6d03171f",
    "codex-server decline 6d03171f r1",
  ],
  options: [TIMEOUT_OPTION],
  withoutLogin: true,
  async run(invocation) {
    const [turn, requestId, ...rest] = invocation.args.positionals;
    if (rest.length > 0) {
      throw usageError("Expected a turn, and a request if several wait");
    }
    const answer = { kind: "decline" } as const;
    return await answerRequest({ turn, requestId, answer }, invocation);
  },
};
