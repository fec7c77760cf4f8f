/** `steer`: adds words to a turn that runs. */
import type { Command } from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import { LIVE_TURN_HELP, requireLiveTurn } from "./name_turn.ts";
import { stdinText } from "./stdin_text.ts";
import { tellWorker, TIMEOUT_OPTION, turnAndText } from "./tell_worker.ts";

/** The verb `steer`. */
export const command: Command = {
  name: "steer",
  group: "decide",
  positionals: "own",
  freeText: "text",
  summary: "add words to a running turn; codex takes them up at once",
  usage: '[TURN] "<text>" | -',
  details: `${LIVE_TURN_HELP}
What codex was saying is cut off and does not count; it goes on with the new words,
which - reads from stdin. A turn that codex has not begun keeps them for it. Exit code
1 when the turn takes no more words.`,
  examples: [
    'codex-server steer 6d03171f "Only the tests, please"',
    "codex-server steer 6d03171f - < more.md",
  ],
  options: [TIMEOUT_OPTION],
  async run(invocation) {
    const { args, stderr } = invocation;
    const given = turnAndText(args);
    if (given.text === undefined) {
      throw usageError(
        "Expected a turn and a text",
        'e.g. codex-server steer 6d03171f "Stop there"',
      );
    }
    const text = given.fromStdin ? await stdinText() : given.text;
    if (text.trim() === "") throw usageError("The text is empty");
    const positionals = given.turn === undefined ? [] : [given.turn];
    const turnId = requireLiveTurn({ args: { ...args, positionals }, stderr });
    return await tellWorker(turnId, { kind: "steer", text }, invocation);
  },
};
