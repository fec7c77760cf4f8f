/** `steer`: adds words to a turn that runs. */
import type { Command } from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import { tellWorker } from "./tell_worker.ts";

/** The verb `steer`. */
export const command: Command = {
  name: "steer",
  summary: "add words to a running turn; codex takes them up at once",
  usage: '<turn> "<text>"',
  details:
    `What codex was saying is cut off and does not count; it goes on with the new words.
Exit code 1 when the turn takes no more words.`,
  examples: ['codex-server steer 01a1fe8e "Only the tests, please"'],
  options: [],
  async run(invocation) {
    const [turn, text, ...rest] = invocation.args.positionals;
    if (turn === undefined || text === undefined || rest.length > 0) {
      throw usageError(
        "Expected a turn and a text",
        'e.g. codex-server steer 01a1fe8e "Stop there"',
      );
    }
    if (text.trim() === "") throw usageError("The text is empty");
    return await tellWorker(turn, { kind: "steer", text }, invocation);
  },
};
