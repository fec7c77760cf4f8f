/** `fork`: continues a copy of a thread; the thread itself is unchanged. */
import type { Command } from "../cli/command.ts";
import { afterStart } from "./after_start.ts";
import { THREAD_OPTIONS, threadFinder } from "./continue.ts";
import { startTurn } from "./start_turn.ts";
import { TURN_OPTIONS } from "./turn_options.ts";

/** The verb `fork`. */
export const command: Command = {
  name: "fork",
  group: "start",
  positionals: "own",
  freeText: "prompt",
  summary: "start a turn on a copy of a thread; returns its id at once",
  usage: '[--last | --thread THREAD] "<prompt>" [flags]',
  details:
    `Like continue, but what is said goes onto a new thread that begins as a copy.
The JSON document names the one that was copied, resumed_from; status has the
id of the new one.`,
  examples: ['codex-server fork "What if we used SQLite instead?"'],
  options: THREAD_OPTIONS,
  shared: { with: "new", options: TURN_OPTIONS },
  async run(invocation) {
    const kind = { findThread: threadFinder(invocation), fork: true };
    return await afterStart(await startTurn(invocation, kind), invocation);
  },
};
