/** `result`: the answer of a turn that is over, alone. */
import type { Command, Invocation } from "../cli/command.ts";
import { documentLine } from "../output/json.ts";
import { inspectTurn } from "../turns/inspect.ts";
import type { TurnResult } from "../turns/result.ts";
import { shortId } from "../render/in_words.ts";
import { LAUNCHER } from "../version.ts";
import { stillRunning, tellEnd } from "./end.ts";
import { exitOf, noSuchTurn, requireTurn, TURN_HELP } from "./name_turn.ts";
import { shown } from "./shown.ts";
import { resultOf } from "./verdict.ts";

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
    const turnId = requireTurn(invocation);
    const inspection = inspectTurn(turnId);
    const result = resultOf(turnId, inspection);
    if (inspection.state === "missing") throw noSuchTurn(turnId);
    if (!result) {
      throw stillRunning(turnId, {
        later: `wait for it with: ${LAUNCHER} wait ${shortId(turnId)}`,
      });
    }
    printResult(result, invocation);
    // The JSON contains the error.
    return invocation.json
      ? exitOf(inspection.state, result)
      : tellEnd(turnId, inspection, result, invocation);
  },
};

/** The answer alone, or with `--json` the result document. */
export function printResult(
  result: TurnResult,
  { json, stdout }: Pick<Invocation, "json" | "stdout">,
): void {
  if (json) return stdout(documentLine({ ...result }));
  const { text } = result;
  if (text !== "") {
    const whole = text.endsWith("\n") ? text : `${text}\n`;
    stdout(shown(new TextEncoder().encode(whole)));
  }
}
