/** Sends a request to a turn's worker, and reports the outcome. */
import type { ParsedArguments } from "../cli/args.ts";
import { type Invocation, numberOption } from "../cli/command.ts";
import {
  CliError,
  errorJson,
  errorLine,
  EXIT,
  usageError,
} from "../cli/errors.ts";
import type { OptionSpec } from "../cli/args.ts";
import { documentLine } from "../output/json.ts";
import { terminalLine } from "../render/one_line.ts";
import { askWorker, type ControlRequest } from "../turns/control.ts";
import { inspectTurn } from "../turns/inspect.ts";
import { pathsOf } from "../turns/store.ts";
import { LAUNCHER } from "../version.ts";

/** How long a worker may take to answer, in seconds. */
const PATIENCE_S = 30;

/** How long the caller waits for the worker. */
export const TIMEOUT_OPTION: OptionSpec = {
  name: "timeout",
  type: "duration",
  value: "TIME",
  help:
    `take it back if the worker does not take it in time (default ${PATIENCE_S}s, 0: never)`,
};

/**
 * A turn and a text, as `steer` and `answer` take them; `-` alone is stdin. A text of
 * several words needs no turn beside it; a single word might be a turn whose text was
 * forgotten.
 * @throws {CliError} `usage` for more than the two
 */
export function turnAndText(
  { positionals, plain }: ParsedArguments,
): { turn?: string; text?: string; fromStdin?: boolean } {
  const [first, second, ...rest] = positionals;
  if (rest.length > 0) throw usageError("Expected a turn and a text");
  if (first === undefined) return {};
  if (second !== undefined) {
    return {
      turn: first,
      text: second,
      fromStdin: second === "-" && plain === 2,
    };
  }
  if (first === "-" && plain === 1) return { text: first, fromStdin: true };
  return /\s/.test(first.trim()) ? { text: first } : { turn: first };
}

/**
 * Makes sure that a turn runs.
 * @throws {CliError} `not_running` unless it does
 */
export function requireRunning(turnId: string): void {
  const { state } = inspectTurn(turnId);
  if (state !== "running") {
    throw new CliError(
      "not_running",
      `Turn ${turnId} is ${state}`,
      "only a running turn can be talked to; continue its thread instead",
    );
  }
}

/**
 * Asks the worker of a turn and prints its reply.
 * @throws {CliError} `not_running`, `refused` or `not_taken`
 */
export async function tellWorker(
  turnId: string,
  request: ControlRequest,
  { args, json, stdout, stderr }: Invocation,
): Promise<number> {
  requireRunning(turnId);
  const seconds = numberOption(args, "timeout") ?? PATIENCE_S;
  const outcome = await askWorker(turnId, pathsOf(turnId), request, {
    timeoutMs: seconds === 0 ? Infinity : seconds * 1000,
    onInterrupted: (withdrawn) => {
      const told = withdrawn ? INTERRUPTED : unheard("interrupted", turnId);
      stderr(json ? errorJson(told) : errorLine(told));
    },
  });
  if (outcome.kind === "over") requireRunning(turnId);
  if (outcome.kind !== "replied") {
    throw outcome.kind === "unheard"
      ? unheard("not_taken", turnId)
      : new CliError(
        "not_taken",
        `The worker of turn ${turnId} did not take it within ${seconds} s: it was taken back`,
        lookAt(turnId),
      );
  }
  const { reply } = outcome;
  if (!reply.ok) {
    throw new CliError(
      "refused",
      reply.message,
      request.kind === "steer"
        ? "continue its thread when it has ended"
        : `see what waits with: ${LAUNCHER} status ${turnId}`,
    );
  }
  stdout(
    json
      ? documentLine({ turn_id: turnId, ...reply })
      : `${terminalLine(reply.message)}\n`,
  );
  return EXIT.ok;
}

const lookAt = (turnId: string): string =>
  `see how it stands with: ${LAUNCHER} status ${turnId}`;

const INTERRUPTED = new CliError(
  "interrupted",
  "Interrupted before the worker took it: it was taken back",
  "the turn runs on",
);

const unheard = (code: "not_taken" | "interrupted", turnId: string): CliError =>
  new CliError(
    code,
    `The worker of turn ${turnId} has taken it, and has not said what became of it`,
    lookAt(turnId),
  );
