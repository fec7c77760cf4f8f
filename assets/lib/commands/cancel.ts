/** `cancel`: asks the worker of a turn to stop codex and end. */
import { type Command, numberOption } from "../cli/command.ts";
import { requestCancel } from "../turns/control.ts";
import { inspectTurn } from "../turns/inspect.ts";
import { limitMs } from "../system/clock.ts";
import { isOver } from "../turns/state.ts";
import { pathsOf } from "../turns/store.ts";
import { waitForTurn } from "../turns/wait.ts";
import { documentLine } from "../output/json.ts";
import { LIVE_TURN_HELP, requireLiveTurn } from "./name_turn.ts";
import { EXIT } from "../cli/errors.ts";

/** How long cancel waits for the worker to end the turn, in seconds. */
const PATIENCE_S = 10;

/** The verb `cancel`. */
export const command: Command = {
  name: "cancel",
  group: "decide",
  positionals: "own",
  summary: "stop a turn; what it wrote so far stays",
  usage: "[TURN]",
  details: `${LIVE_TURN_HELP}
Waits until the turn has ended and says how. A turn that was over already stays as it
is (exit 0). Exit code 4 when the worker has not ended the turn within ${PATIENCE_S} s.`,
  examples: ["codex-server cancel", "codex-server cancel 6d03171f"],
  options: [
    {
      name: "timeout",
      type: "duration",
      value: "TIME",
      help: `wait so long for the end (default ${PATIENCE_S})`,
    },
  ],
  withoutLogin: true,
  async run(invocation) {
    const { args, json, stdout } = invocation;
    const turnId = requireLiveTurn(invocation);
    const before = inspectTurn(turnId);
    let { state } = before;
    if (!isOver(state)) {
      requestCancel(pathsOf(turnId));
      const timeoutMs = limitMs(numberOption(args, "timeout") ?? PATIENCE_S);
      ({ state } = await waitForTurn(turnId, { timeoutMs }));
    }
    const text = isOver(before.state)
      ? `Turn ${turnId} was already ${state}`
      : state === "running"
      ? `Turn ${turnId} has not ended yet`
      : `Turn ${turnId} is ${state}`;
    stdout(
      json ? documentLine({ turn_id: turnId, state }) : `${text}\n`,
    );
    return state === "running" ? EXIT.running : EXIT.ok;
  },
};
