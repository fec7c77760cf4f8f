/** Ctrl-C while turns are followed: they run on; a note says how to follow and to stop them. */
import type { Invocation } from "../cli/command.ts";
import { shortId } from "../render/in_words.ts";
import { whenInterrupted } from "../system/interrupt.ts";
import { stderrIsTerminal } from "../system/stdio.ts";
import { LAUNCHER } from "../version.ts";

/** Prints it if this call is interrupted, until disposed of; `before` clears the line. */
export const whenDetached = (
  turnIds: string[],
  { stderr }: Pick<Invocation, "stderr">,
  before: () => void = () => {},
): Disposable =>
  whenInterrupted(() => {
    before();
    // The terminal has written ^C.
    stderr((stderrIsTerminal() ? "\n" : "") + detachedLine(turnIds));
  });

/** The note for a reader who leaves turns that run on. */
export function detachedLine(turnIds: string[]): string {
  const names = turnIds.map(shortId);
  const follow = names.length === 1
    ? `the turn runs on: ${LAUNCHER} tail -f ${names[0]}`
    : `the turns run on: ${LAUNCHER} watch ${names.join(" ")}`;
  const stop = names.map((name) => `${LAUNCHER} cancel ${name}`).join(", ");
  return `codex-server: detached — ${follow} · stop ${
    names.length === 1 ? "it" : "them"
  }: ${stop}\n`;
}
