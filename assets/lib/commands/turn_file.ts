/** Opens a file of a turn that was found: a sweep might remove it meanwhile. */
import { CliError } from "../cli/errors.ts";
import { turnExists } from "../turns/store.ts";
import { noSuchTurn } from "./name_turn.ts";

/**
 * What `open` gives.
 * @throws {CliError} `no_such_turn`, or `corrupt` where only that file is missing
 */
export function openTurnFile<T>(
  turnId: string,
  name: string,
  open: () => T,
): T {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (!turnExists(turnId)) throw noSuchTurn(turnId);
    throw new CliError(
      "corrupt",
      `Turn ${turnId} has no ${name}`,
      "start a new turn",
    );
  }
}
