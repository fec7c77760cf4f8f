/** What `new`, `continue`, `fork` and `review` print about the turn that they started. */
import { flag, type Invocation } from "../cli/command.ts";
import { CliError } from "../cli/errors.ts";
import { documentLine } from "../output/json.ts";
import { noteLine } from "../output/note.ts";
import { shortId } from "../render/in_words.ts";
import { stdoutIsTerminal } from "../system/stdio.ts";
import { pathsOf } from "../turns/store.ts";
import { LAUNCHER } from "../version.ts";
import type { TurnFlags } from "./turn_flags.ts";

/** What a program gets besides the paths. */
export interface More {
  /** An earlier call with the same key started the turn. */
  reused?: true;
  /** The thread that it continues, where known; for a fork see the copied one below. */
  thread_id?: string | null;
  resumed_from?: string;
}

/**
 * Prints the id alone for `--print-id`, a sentence for people, JSON for programs; a caller
 * that stays with the turn gets only its id.
 * @throws {CliError} `stdout_closed`
 */
export function tellStarted(
  turnId: string,
  after: TurnFlags["after"],
  invocation: Invocation,
  more: More,
): void {
  if (after !== "return") {
    const earlier = more.reused ? ", of an earlier call with this key" : "";
    return invocation.stderr(noteLine(`turn ${turnId}${earlier}`));
  }
  try {
    invocation.stdout(startedText(turnId, invocation, more));
  } catch {
    // The turn runs: the caller must learn of it on stderr.
    throw new CliError(
      "stdout_closed",
      `Turn ${turnId} was started, but stdout takes no answer`,
      `follow it with: ${LAUNCHER} tail --follow ${turnId}`,
      { turn_id: turnId },
    );
  }
}

function startedText(
  turnId: string,
  { args, json }: Invocation,
  more: More,
): string {
  if (flag(args, "print-id")) return `${turnId}\n`;
  if (json || !stdoutIsTerminal()) {
    return startedJson(turnId, more);
  }
  const short = shortId(turnId);
  const started = more.reused
    ? "started by an earlier call with this key:"
    : "started";
  return `${started} ${short} — follow: ${LAUNCHER} tail -f ${short}\n`;
}

/** The id and all paths; scripts rely on the names. */
function startedJson(turnId: string, more: More): string {
  const paths = pathsOf(turnId);
  return documentLine({
    turn_id: turnId,
    out_path: paths.out,
    events_path: paths.events,
    result_path: paths.result,
    done_marker: paths.done,
    error_marker: paths.error,
    meta_path: paths.meta,
    ...more,
  });
}
