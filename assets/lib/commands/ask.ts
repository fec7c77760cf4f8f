/** `ask`: a turn on a new thread, waited for; its answer alone on stdout. */
import type { Command } from "../cli/command.ts";
import { EXIT } from "../cli/errors.ts";
import { shortId } from "../render/in_words.ts";
import { LAUNCHER } from "../version.ts";
import { tellEnd } from "./end.ts";
import { exitOf } from "./name_turn.ts";
import { printResult } from "./result.ts";
import { startTurn } from "./start_turn.ts";
import { TURN_OPTIONS } from "./turn_options.ts";
import { waitForEnd } from "./waiting.ts";

/** The verb `ask`. */
export const command: Command = {
  name: "ask",
  group: "start",
  positionals: "own",
  freeText: "prompt",
  summary: "start a turn, wait for it, and print the answer alone",
  usage: '"<prompt>" | --prompt-file FILE|- [flags of new]',
  details:
    `The answer goes to stdout and nothing else; the turn's id goes to stderr. Of a
turn that does not end well only stderr and the exit code tell (see wait --help).
With --timeout TIME it stops waiting (exit 4) and says how to get the answer
later; so does Ctrl-C. With --json: the result as one document.`,
  examples: [
    'codex-server ask "What does this repository do?"',
    'answer=$(codex-server ask --timeout 5m "Which tests are slow?")',
  ],
  options: [],
  shared: {
    with: "new",
    options: TURN_OPTIONS.filter(({ name }) =>
      !["follow", "wait", "print-id"].includes(name)
    ),
  },
  async run(invocation) {
    const { args, args: { options }, json } = invocation;
    const { turnId, timeoutS } = await startTurn({
      ...invocation,
      args: { ...args, options: { ...options, wait: true } },
    });
    const { inspection, result } = await waitForEnd(turnId, invocation, {
      timeoutS,
    });
    const exit = exitOf(inspection.state, result);
    if (result && (json || exit === EXIT.ok)) printResult(result, invocation);
    if (result && json) return exit;
    const name = shortId(turnId);
    return tellEnd(turnId, inspection, result, invocation, {
      timeoutS,
      later:
        `get the answer later with: ${LAUNCHER} wait ${name} && ${LAUNCHER} result ${name}`,
    });
  },
};
