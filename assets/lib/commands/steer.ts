/** `steer`: adds words to a turn that runs. */
import type { Command } from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import { LIVE_TURN_HELP } from "./name_turn.ts";
import { tellWorker, turnAndText } from "./tell_worker.ts";

/** The verb `steer`. */
export const command: Command = {
  name: "steer",
  group: "decide",
  positionals: "own",
  freeText: "text",
  summary: "add words to a running turn; codex takes them up at once",
  usage: '[TURN] "<text>"',
  details: `${LIVE_TURN_HELP}
What codex was saying is cut off and does not count; it goes on with the new words.
Exit code 1 when the turn takes no more words.`,
  examples: ['codex-server steer 6d03171f "Only the tests, please"'],
  options: [],
  async run(invocation) {
    const { turn, text } = turnAndText(invocation.args);
    if (text === undefined) {
      throw usageError(
        "Expected a turn and a text",
        'e.g. codex-server steer 6d03171f "Stop there"',
      );
    }
    if (text.trim() === "") throw usageError("The text is empty");
    return await tellWorker(turn, { kind: "steer", text }, invocation);
  },
};
