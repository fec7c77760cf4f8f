/** The turn that a command line names, and what a turn's end means for the exit code. */
import type { ParsedArguments } from "../cli/args.ts";
import { CliError, EXIT, usageError } from "../cli/errors.ts";
import { findNewest, findTurn, type Found } from "../turns/find.ts";
import type { TurnResult } from "../turns/result.ts";
import { checkRoot } from "../turns/root.ts";
import type { TurnState } from "../turns/state.ts";
import { LAUNCHER } from "../version.ts";

/** How a turn is named, for the help. */
export const TURN_HELP =
  `TURN is a turn id, a unique beginning or end of one, or a label; without it the
newest turn of this directory is meant.`;

/**
 * Looks up the turn that the arguments name.
 * @throws {CliError} `usage` for what cannot be a turn, or could be several
 */
export function lookUpTurn(
  { positionals }: ParsedArguments,
): Found & { reference: string } {
  if (positionals.length > 1) {
    throw usageError(`Expected one turn, got ${positionals.length} arguments`);
  }
  checkRoot();
  const [reference] = positionals;
  const found = reference === undefined
    ? findNewest(Deno.cwd())
    : findTurn(reference);
  if (found.kind === "malformed") {
    throw usageError(
      `${JSON.stringify(shorten(reference ?? ""))} is not a turn`,
      `see the turns with: ${LAUNCHER} list-turns`,
    );
  }
  if (found.kind === "many") {
    throw usageError(
      `${reference} names ${found.turnIds.length} turns: ${
        found.turnIds.slice(0, 3).join(", ")
      }…`,
      "give more of the id",
    );
  }
  return { ...found, reference: reference ?? "" };
}

/**
 * The id of the turn that the arguments name.
 * @throws {CliError} also `no_such_turn`
 */
export function requireTurn(args: ParsedArguments): string {
  const found = lookUpTurn(args);
  if (found.kind === "one") return found.turnId;
  throw noSuchTurn(found.reference);
}

/** The error for a reference that leads nowhere. */
export const noSuchTurn = (reference: string): CliError =>
  new CliError(
    "no_such_turn",
    reference
      ? `There is no turn ${reference}`
      : "No turn was started in this directory",
    `see the turns with: ${LAUNCHER} list-turns`,
  );

const shorten = (text: string): string =>
  text.length > 60 ? `${text.slice(0, 60)}…` : text;

/** Error codes that end a turn as a schema problem rather than a plain failure. */
const SCHEMA_CODES = new Set(["not_json", "bad_schema"]);

/** The exit code that tells how a turn stands. */
export function exitOf(state: TurnState, result: TurnResult | null): number {
  switch (state) {
    case "complete":
      return EXIT.ok;
    case "running":
      return EXIT.running;
    case "missing":
      return EXIT.unknown;
    default:
      return SCHEMA_CODES.has(result?.error?.code ?? "")
        ? EXIT.schema
        : EXIT.failed;
  }
}
