/** `new`: hands a prompt to codex on a new thread. */
import type { Command } from "../cli/command.ts";
import { afterStart } from "./after_start.ts";
import { startTurn } from "./start_turn.ts";
import { TURN_OPTIONS } from "./turn_options.ts";

/** The verb `new`. */
export const command: Command = {
  name: "new",
  group: "start",
  positionals: "own",
  freeText: "prompt",
  summary: "start a turn on a new thread; returns its id at once",
  usage: '"<prompt>" | --prompt-file FILE|- [flags]',
  details:
    `Prints one JSON document: turn_id, out_path, events_path, result_path,
done_marker, error_marker and meta_path. The turn runs on in a detached worker.
A prompt that begins with a dash goes after --; the prompt - means stdin.`,
  examples: [
    'codex-server new "Say hello"',
    "codex-server new --prompt-file prompt.md --write --label refactor",
    'codex-server new --follow "Explain this repository"',
  ],
  options: TURN_OPTIONS,
  async run(invocation) {
    const started = await startTurn(invocation);
    return await afterStart(started, invocation);
  },
};
