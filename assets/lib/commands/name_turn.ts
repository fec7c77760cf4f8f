/** The turn that a command line names, and what a turn's end means for the exit code. */
import type { Invocation } from "../cli/command.ts";
import { CliError, EXIT, usageError } from "../cli/errors.ts";
import { noteLine } from "../output/note.ts";
import { inWords, shortId } from "../render/in_words.ts";
import { wallMs } from "../system/clock.ts";
import { currentDirectory } from "../system/surroundings.ts";
import { repositoryOf } from "../system/repository.ts";
import {
  findNewest,
  findTurn,
  liveTurns,
  MIN_PART,
  type OneOrNone,
} from "../turns/find.ts";
import type { TurnResult } from "../turns/result.ts";
import { checkRoot } from "../turns/root.ts";
import type { TurnState } from "../turns/state.ts";
import { pathsOf, promptBeginning } from "../turns/store.ts";
import { isTurnId, turnIdTime } from "../turns/turn_id.ts";
import { LAUNCHER } from "../version.ts";

/** How a turn is named, for the help. */
export const NAMED_TURN_HELP =
  "TURN is a turn id, a unique end (or beginning) of one, or a label of this repository";

/** For verbs that read. */
export const TURN_HELP = `${NAMED_TURN_HELP};
without it the newest turn of this repository is meant.`;

/** For verbs that end, change or answer something. */
export const LIVE_TURN_HELP = `${NAMED_TURN_HELP};
without it the one turn that runs in this repository is meant.`;

/** What is needed of a call to find its turn. */
export type Naming = Pick<Invocation, "args" | "stderr">;

/** The repository of this call: the default turn is searched there. */
export const here = (): string => repositoryOf(currentDirectory());

/**
 * Looks up the turn that the arguments name; without one, a note says which it is.
 * @throws {CliError} `usage` for what cannot be a turn, or is ambiguous
 */
export function lookUpTurn(
  { args: { positionals }, stderr }: Naming,
): OneOrNone & { reference: string } {
  if (positionals.length > 1) {
    throw usageError(`Expected one turn, got ${positionals.length} arguments`);
  }
  checkRoot();
  const [reference] = positionals;
  if (reference === undefined) {
    const found = findNewest(here());
    if (found.kind === "one") stderr(noteLine(turnInWords(found.turnId)));
    return { ...found, reference: "" };
  }
  const found = findTurn(reference, isTurnId(reference) ? "" : here());
  if (found.kind === "one" || found.kind === "none") {
    return { ...found, reference };
  }
  if (found.kind === "many") {
    throw usageError(
      `${reference} names ${found.turnIds.length} turns: ${
        found.turnIds.slice(0, 3).join(", ")
      }${found.turnIds.length > 3 ? "…" : ""}`,
      "give more of the id",
    );
  }
  const named = JSON.stringify(shorten(reference));
  throw found.kind === "short"
    ? usageError(
      `${named} is too short for a part of a turn id`,
      `give ${MIN_PART} characters at least, or see the turns with: ${LAUNCHER} list-turns`,
    )
    : usageError(
      `${named} is not a turn`,
      `see the turns with: ${LAUNCHER} list-turns`,
    );
}

/**
 * The id of the turn that the arguments name.
 * @throws {CliError} also `no_such_turn`
 */
export function requireTurn(naming: Naming): string {
  const found = lookUpTurn(naming);
  if (found.kind === "one") return found.turnId;
  throw noSuchTurn(found.reference, found.elsewhere);
}

/**
 * The same for what ends, changes or answers something: without a name it is the one turn
 * that runs in this repository, and never a guess among several.
 * @throws {CliError} `usage` where several run, `no_such_turn` where none does
 */
export function requireLiveTurn(naming: Naming): string {
  if (naming.args.positionals.length > 0) return requireTurn(naming);
  checkRoot();
  const [turnId, ...others] = liveTurns(here());
  if (turnId === undefined) {
    throw new CliError(
      "no_such_turn",
      "No turn of this repository is running",
      `see the turns with: ${LAUNCHER} list-turns`,
    );
  }
  if (others.length > 0) {
    throw usageError(
      `${others.length + 1} turns of this repository are running: ${
        [turnId, ...others].map(turnInWords).join("; ")
      }`,
      `name one of them, such as ${shortId(turnId)}`,
    );
  }
  naming.stderr(noteLine(turnInWords(turnId)));
  return turnId;
}

/** A turn in a few words, for callers that named none. */
export const turnInWords = (turnId: string): string =>
  inWords("turn", turnId, {
    prompt: promptBeginning(pathsOf(turnId)),
    ageMs: wallMs() - turnIdTime(turnId),
  });

/** The error for a reference that fits no turn. */
export function noSuchTurn(reference: string, elsewhere?: string): CliError {
  const message = elsewhere !== undefined
    ? `No turn of this repository has the label ${reference}`
    : reference
    ? `There is no turn ${reference}`
    : "No turn was started from this repository";
  return new CliError(
    "no_such_turn",
    message,
    elsewhere !== undefined
      ? `in another repository ${shortId(elsewhere)} has it: name it by that`
      : `see the turns with: ${LAUNCHER} list-turns`,
  );
}

const shorten = (text: string): string =>
  text.length > 60 ? `${text.slice(0, 60)}…` : text;

/** Error codes that end a turn as a schema problem rather than a plain failure. */
const SCHEMA_CODES = new Set(["not_json", "no_message", "bad_schema"]);

/** The exit code for a turn's state. */
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
