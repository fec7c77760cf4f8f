/** Putting a request to a turn's worker, and telling what became of it. */
import type { Invocation } from "../cli/command.ts";
import { jsonText } from "../events/json_text.ts";
import { CliError, EXIT } from "../cli/errors.ts";
import { askWorker, type ControlRequest } from "../turns/control.ts";
import { inspectTurn } from "../turns/inspect.ts";
import { pathsOf } from "../turns/store.ts";
import { LAUNCHER, SCHEMA_VERSION } from "../version.ts";
import { requireTurn } from "./name_turn.ts";

/**
 * Asks the worker of the turn that `reference` names and prints its reply.
 * @throws {CliError} `not_running` or `refused`
 */
export async function tellWorker(
  reference: string,
  request: ControlRequest,
  { args, json, stdout }: Invocation,
): Promise<number> {
  const turnId = requireTurn({ ...args, positionals: [reference] });
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
