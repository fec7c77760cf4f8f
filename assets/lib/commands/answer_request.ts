/** Answering what a turn asks: which turn, and which of its requests. */
import type { Invocation } from "../cli/command.ts";
import { CliError, usageError } from "../cli/errors.ts";
import type { Answer } from "../events/request.ts";
import { noteLine } from "../output/note.ts";
import { shortId } from "../render/in_words.ts";
import { askedText } from "../render/request_line.ts";
import { liveTurns } from "../turns/find.ts";
import { readPending } from "../turns/pending.ts";
import { checkRoot } from "../turns/root.ts";
import { pathsOf } from "../turns/store.ts";
import { LAUNCHER } from "../version.ts";
import {
  here,
  type Naming,
  requireLiveTurn,
  requireTurn,
  turnInWords,
} from "./name_turn.ts";
import { requireRunning, tellWorker } from "./tell_worker.ts";

/** How the turn and the request are named, for the help. */
export const ASKING_TURN_HELP =
  `TURN is a turn id, a unique end (or beginning) of one, or a label of this repository;
without it the one turn of this repository that asks something is meant. Without REQUEST
it answers what the turn asked when this was called, never what it asks later.`;

/**
 * Gives `answer` to a request of the turn that `turn` names. Without a turn it is the only
 * one here that asks; without a request the only one that waits at the call.
 * @throws {CliError} as `tellWorker` does; `refused` where it is not the only one
 */
export async function answerRequest(
  { turn, requestId, answer }: {
    turn: string | undefined;
    requestId: string | undefined;
    answer: Answer;
  },
  invocation: Invocation,
): Promise<number> {
  if (requestId === "") throw usageError("The name of the request is empty");
  const { args, stderr } = invocation;
  const positionals = turn === undefined ? [] : [turn];
  const turnId = askingTurn({ args: { ...args, positionals }, stderr });
  requireRunning(turnId);
  return await tellWorker(turnId, {
    kind: "answer",
    request_id: requestId ?? onlyRequest(turnId),
    answer,
  }, invocation);
}

function askingTurn(naming: Naming): string {
  if (naming.args.positionals.length > 0) return requireTurn(naming);
  checkRoot();
  const asking = liveTurns(here())
    .filter((turnId) => readPending(pathsOf(turnId)).length > 0);
  const [turnId, ...others] = asking;
  if (turnId === undefined) return requireLiveTurn(naming);
  if (others.length > 0) {
    throw usageError(
      `${asking.length} turns of this repository ask something: ${
        asking.map(turnInWords).join("; ")
      }`,
      `name one of them, such as ${shortId(turnId)}`,
    );
  }
  naming.stderr(noteLine(turnInWords(turnId)));
  return turnId;
}

/** What is asked now; a request that comes later is not meant. */
function onlyRequest(turnId: string): string {
  const [request, ...others] = readPending(pathsOf(turnId));
  const look = `see what waits with: ${LAUNCHER} status ${shortId(turnId)}`;
  if (!request) {
    throw new CliError("refused", `Turn ${turnId} asks nothing now`, look);
  }
  if (others.length > 0) {
    const all = [request, ...others].map((one) =>
      `${one.id} (${one.kind}: ${askedText(one)})`
    );
    throw new CliError(
      "refused",
      `Several requests wait: ${all.join(", ")}`,
      `name one of them, such as ${request.id}`,
    );
  }
  return request.id;
}
