/** `wait`: blocks until a turn is over, then prints what it wrote. */
import { type Command, type Invocation, numberOption } from "../cli/command.ts";
import { waitForTurn } from "../turns/wait.ts";
import { pathsOf } from "../turns/store.ts";
import { shown } from "./shown.ts";
import { exitOf, requireTurn, TURN_HELP } from "./name_turn.ts";
import { resultOf, verdictLine } from "./verdict.ts";

export const command: Command = {
  name: "wait",
  summary: "block until a turn is over, then print its out.txt",
  usage: "[TURN] [--timeout SECS]",
  details: `${TURN_HELP}
On success out.txt goes to stdout, else to stderr with the reason. Exit codes: 0 done,
1 failed, cancelled or abandoned, 4 still running at the timeout, 5 the answer is not
the JSON that was asked for, 6 no such turn. With --json: the result as one document.`,
  examples: ["codex-server wait", "codex-server wait 01a1fe8e --timeout 540"],
  options: [
    {
      name: "timeout",
      type: "number",
      value: "SECS",
      help: "give up after so long (exit 4); the turn runs on",
    },
  ],
  async run(invocation) {
    const turnId = requireTurn(invocation.args);
    return await waitAndPrint(
      turnId,
      numberOption(invocation.args, "timeout"),
      invocation,
    );
  },
};

/** Waits, prints, and returns the exit code of the turn. */
export async function waitAndPrint(
  turnId: string,
  timeoutS: number | null,
  { json, stdout, stderr }: Invocation,
): Promise<number> {
  const timeoutMs = timeoutS === null ? null : timeoutS * 1000;
  const inspection = await waitForTurn(turnId, { timeoutMs });
  const result = resultOf(turnId, inspection);
  const exit = exitOf(inspection.state, result);
  if (json) {
    const document = result ??
      { schema_version: 1, turn_id: turnId, status: inspection.state };
    stdout(JSON.stringify({ ...document, state: inspection.state }) + "\n");
    return exit;
  }
  if (inspection.state === "running") {
    stderr(
      `codex-server: turn ${turnId} is still running after ${timeoutS} s — wait again, or watch it with: codex-server tail --follow ${turnId}\n`,
    );
    return exit;
  }
  const out = readOut(turnId);
  if (exit === 0) {
    stdout(shown(out));
  } else {
    stderr(out);
    stderr(verdictLine(turnId, inspection.state, result));
  }
  return exit;
}

/** The bytes of out.txt; none where it is gone. */
function readOut(turnId: string): Uint8Array {
  try {
    return Deno.readFileSync(pathsOf(turnId).out);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array();
    throw error;
  }
}
