/** `wait`: blocks until a turn is over, then prints what it wrote. */
import {
  type Command,
  flag,
  type Invocation,
  numberOption,
} from "../cli/command.ts";
import { EXIT, usageError } from "../cli/errors.ts";
import { documentLine } from "../output/json.ts";
import { withCutDiffs } from "../render/cut_diffs.ts";
import { neutralText } from "../render/neutral_text.ts";
import { requestLine } from "../render/request_line.ts";
import { pathsOf } from "../turns/store.ts";
import { LAUNCHER } from "../version.ts";
import { tellEnd } from "./end.ts";
import { exitOf, requireTurn, TURN_HELP } from "./name_turn.ts";
import { shown, shownOnStderr } from "./shown.ts";
import { WAIT_TIMEOUT } from "./tail.ts";
import { type Waited, waitForEnd, type WaitOptions } from "./waiting.ts";

/** The verb `wait`. */
export const command: Command = {
  name: "wait",
  group: "follow",
  positionals: "own",
  summary: "block until a turn is over, then print its out.txt",
  usage: "[TURN] [--timeout TIME] [--until-input]",
  details: `${TURN_HELP}
On success out.txt goes to stdout, else to stderr with the reason; result prints
the answer alone. Exit codes: 0 done, 1 failed, cancelled or abandoned, 4 still
running at the timeout (--timeout 0 looks once), 5 the answer is not the JSON that
was asked for, 6 no such turn, 8 it asks something. With --json: the result as one
document.`,
  examples: ["codex-server wait", "codex-server wait 6d03171f --timeout 9m"],
  options: [
    WAIT_TIMEOUT,
    {
      name: "until-input",
      type: "boolean",
      help: "return with exit code 8 as soon as codex asks something",
    },
  ],
  async run(invocation) {
    const { args, args: { positionals } } = invocation;
    if (positionals.length > 1) {
      throw usageError(
        `wait takes one turn, not ${positionals.length}`,
        `wait for each in turn, or for all at once with: ${LAUNCHER} watch ${
          positionals.join(" ")
        }`,
      );
    }
    return await waitAndPrint(requireTurn(invocation), invocation, {
      timeoutS: numberOption(args, "timeout"),
      untilInput: flag(args, "until-input"),
    });
  },
};

/** Waits, prints, and returns the exit code of the turn. */
export async function waitAndPrint(
  turnId: string,
  invocation: Invocation,
  options: WaitOptions = {},
): Promise<number> {
  const waited = await waitForEnd(turnId, invocation, options);
  const { inspection, inspection: { state }, result, asked } = waited;
  const { json, stdout, stderr } = invocation;
  if (json) {
    stdout(waitedJson(turnId, waited));
    return asked.length > 0 ? EXIT.asks : exitOf(state, result);
  }
  if (asked.length > 0) {
    for (const request of asked) {
      stdout(`${neutralText(requestLine(turnId, request))}\n`);
    }
    return EXIT.asks;
  }
  if (exitOf(state, result) === EXIT.ok) {
    stdout(shown(readOut(turnId)));
  } else if (state !== "running") {
    const out = readOut(turnId);
    stderr(shownOnStderr(out));
    // Text cut off in the middle of a line: the reason must not follow on that line.
    if (out.length > 0 && out.at(-1) !== 0x0a) stderr("\n");
  }
  return tellEnd(turnId, inspection, result, invocation, {
    out: true,
    timeoutS: options.timeoutS ?? null,
  });
}

/** The result, or what can be said of a turn without one; `state` is as in `status`. */
function waitedJson(
  turnId: string,
  { inspection: { state }, result, asked }: Waited,
): string {
  return documentLine({
    ...(result ?? { turn_id: turnId, status: state }),
    state,
    ...(asked.length > 0 ? { pending: asked.map(withCutDiffs) } : {}),
  });
}

/** The bytes of out.txt; none where it is gone or not readable. */
function readOut(turnId: string): Uint8Array {
  try {
    return Deno.readFileSync(pathsOf(turnId).out);
  } catch (error) {
    const { NotFound, PermissionDenied } = Deno.errors;
    if (error instanceof NotFound || error instanceof PermissionDenied) {
      return new Uint8Array();
    }
    throw error;
  }
}
