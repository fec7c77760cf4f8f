/** Putting a request to a turn's worker, and telling what became of it. */
import type { Invocation } from "../cli/command.ts";
import { jsonText } from "../events/json_text.ts";
import type { ParsedArguments } from "../cli/args.ts";
import { CliError, EXIT, usageError } from "../cli/errors.ts";
import { askWorker, type ControlRequest } from "../turns/control.ts";
import { inspectTurn } from "../turns/inspect.ts";
import { pathsOf } from "../turns/store.ts";
import { LAUNCHER, SCHEMA_VERSION } from "../version.ts";
import { requireLiveTurn } from "./name_turn.ts";

/**
 * A turn and a text, as `steer` and `answer` take them. A text of several words needs no
 * turn beside it; a single word might be a turn whose text was forgotten.
 * @throws {CliError} `usage` for more than the two
 */
export function turnAndText(
  { positionals }: ParsedArguments,
): { turn?: string; text?: string } {
  const [first, second, ...rest] = positionals;
  if (rest.length > 0) throw usageError("Expected a turn and a text");
  if (first === undefined) return {};
  if (second !== undefined) return { turn: first, text: second };
  return /\s/.test(first.trim()) ? { text: first } : { turn: first };
}

/**
 * Asks the worker of the turn that `reference` names, without one of the only turn that
 * runs here, and prints its reply.
 * @throws {CliError} `not_running` or `refused`
 */
export async function tellWorker(
  reference: string | undefined,
  request: ControlRequest,
  { args, json, stdout, stderr }: Invocation,
): Promise<number> {
  const positionals = reference === undefined ? [] : [reference];
  const turnId = requireLiveTurn({ args: { ...args, positionals }, stderr });
  const notRunning = () =>
    new CliError(
      "not_running",
      `Turn ${turnId} is ${inspectTurn(turnId).state}`,
      "only a running turn can be talked to; continue its thread instead",
    );
  if (inspectTurn(turnId).state !== "running") throw notRunning();
  const reply = await askWorker(turnId, pathsOf(turnId), request);
  if (reply === null) throw notRunning();
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
      ? jsonText({
        schema_version: SCHEMA_VERSION,
        turn_id: turnId,
        ...reply,
      }) + "\n"
      : `${reply.message}\n`,
  );
  return EXIT.ok;
}
