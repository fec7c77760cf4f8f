/** `wait`: blocks until a turn is over, then prints what it wrote. */
import {
  type Command,
  flag,
  type Invocation,
  numberOption,
} from "../cli/command.ts";
import { jsonText } from "../events/json_text.ts";
import { EXIT } from "../cli/errors.ts";
import type { PendingRequest } from "../events/thread_event.ts";
import { neutralText } from "../render/neutral_text.ts";
import { withCutDiffs } from "../render/cut_diffs.ts";
import { requestLine } from "../render/request_line.ts";
import { readPending } from "../turns/pending.ts";
import { LAUNCHER, SCHEMA_VERSION } from "../version.ts";
import { waitForTurn } from "../turns/wait.ts";
import { pathsOf } from "../turns/store.ts";
import { shown, shownOnStderr } from "./shown.ts";
import { exitOf, requireTurn, TURN_HELP } from "./name_turn.ts";
import { resultOf, verdictLine } from "./verdict.ts";

/** The verb `wait`. */
export const command: Command = {
  name: "wait",
  group: "follow",
  positionals: "own",
  summary: "block until a turn is over, then print its out.txt",
  usage: "[TURN] [--timeout SECS] [--until-input]",
  details: `${TURN_HELP}
On success out.txt goes to stdout, else to stderr with the reason. Exit codes: 0 done,
1 failed, cancelled or abandoned, 4 still running at the timeout, 5 the answer is not
the JSON that was asked for, 6 no such turn. With --json: the result as one document.`,
  examples: ["codex-server wait", "codex-server wait 6d03171f --timeout 540"],
  options: [
    {
      name: "timeout",
      type: "number",
      value: "SECS",
      help: "give up after so long (exit 4); the turn runs on",
    },
    {
      name: "until-input",
      type: "boolean",
      help: "return with exit code 0 as soon as codex asks something",
    },
  ],
  async run(invocation) {
    const { args } = invocation;
    return await waitAndPrint(requireTurn(invocation), invocation, {
      timeoutS: numberOption(args, "timeout"),
      untilInput: flag(args, "until-input"),
    });
  },
};

/** How long to wait, and for what. */
export interface WaitOptions {
  /** Null waits for ever. */
  timeoutS?: number | null;
  /** Return as soon as codex asks something. */
  untilInput?: boolean;
}

/** Waits, prints, and returns the exit code of the turn. */
export async function waitAndPrint(
  turnId: string,
  { json, stdout, stderr }: Invocation,
  { timeoutS = null, untilInput = false }: WaitOptions = {},
): Promise<number> {
  const paths = pathsOf(turnId);
  let asked: PendingRequest[] = [];
  const inspection = await waitForTurn(turnId, {
    timeoutMs: timeoutS === null ? null : timeoutS * 1000,
    ...(untilInput
      ? { until: () => (asked = readPending(paths)).length > 0 }
      : {}),
  });
  const { state } = inspection;
  if (state !== "running") asked = [];
  const result = resultOf(turnId, inspection);
  const exit = asked.length > 0 ? EXIT.ok : exitOf(state, result);
  if (json) {
    const document = result ??
      { schema_version: SCHEMA_VERSION, turn_id: turnId, status: state };
    stdout(
      jsonText({
        ...document,
        state,
        ...(asked.length > 0 ? { pending: asked.map(withCutDiffs) } : {}),
      }) + "\n",
    );
  } else if (asked.length > 0) {
    for (const request of asked) {
      stdout(`${neutralText(requestLine(turnId, request))}\n`);
    }
  } else if (state === "running") {
    stderr(
      `codex-server: turn ${turnId} is still running after ${timeoutS} s — wait again, or watch it with: ${LAUNCHER} tail --follow ${turnId}\n`,
    );
  } else if (exit === 0) {
    stdout(shown(readOut(turnId)));
  } else {
    stderr(shownOnStderr(readOut(turnId)));
    stderr(verdictLine(turnId, state, result));
  }
  return exit;
}

/** The bytes of out.txt; none where it is gone or may not be read. */
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
