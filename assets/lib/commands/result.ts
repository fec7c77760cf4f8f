/** `result`: the answer of a turn that is over, alone. */
import { type Command } from "../cli/command.ts";
import { jsonText } from "../events/json_text.ts";
import { CliError } from "../cli/errors.ts";
import { inspectTurn } from "../turns/inspect.ts";
import { exitOf, noSuchTurn, requireTurn, TURN_HELP } from "./name_turn.ts";
import { shown } from "./shown.ts";
import { resultOf, verdictLine } from "./verdict.ts";
import { LAUNCHER } from "../version.ts";

/** The verb `result`. */
export const command: Command = {
  name: "result",
  group: "follow",
  positionals: "own",
  summary: "print the answer alone; with --json the whole result",
  usage: "[TURN]",
  details: `${TURN_HELP}
Prints the final message of the agent; does not wait (see wait). Exit codes as wait's.`,
  examples: ["codex-server result", "codex-server result 6d03171f --json"],
  options: [],
  withoutLogin: true,
  run(invocation) {
    const { json, stdout, stderr } = invocation;
    const turnId = requireTurn(invocation);
    const inspection = inspectTurn(turnId);
    const result = resultOf(turnId, inspection);
    if (inspection.state === "missing") throw noSuchTurn(turnId);
    if (!result) {
      throw new CliError(
        "still_running",
        `Turn ${turnId} is still running`,
        `wait for it with: ${LAUNCHER} wait ${turnId}`,
      );
    }
    if (json) {
      stdout(jsonText({ ...result, state: inspection.state }) + "\n");
    } else {
      const text = result.text === "" || result.text.endsWith("\n")
        ? result.text
        : `${result.text}\n`;
      stdout(shown(new TextEncoder().encode(text)));
    }
    const exit = exitOf(inspection.state, result);
    if (exit !== 0 && !json) {
      stderr(verdictLine(turnId, inspection.state, result));
    }
    return exit;
  },
};
