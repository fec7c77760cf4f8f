/** What to report of a completed turn besides its answer. */
import { noteLine } from "../output/note.ts";
import type { TurnResult } from "../turns/result.ts";

/** Lines for stderr: no final message, sub-agents cut off, a goal that is not reached. */
export function resultNotes(
  { status, text, no_message, agents_cut_off, goal }: TurnResult,
): string[] {
  if (status !== "complete") return [];
  const notes = [
    ...(no_message
      ? [
        `codex ended the turn without a final message${
          text.trim() === "" ? "" : "; this is what it said on the way"
        }`,
      ]
      : []),
    ...(agents_cut_off
      ? [
        `sub-agents were still at work and were ended with the turn: ${
          agents_cut_off.map(({ name }) => name).join(", ")
        }`,
      ]
      : []),
    ...(goal
      ? [`the goal is not reached (${goal.status}): ${goal.objective}`]
      : []),
  ];
  return notes.map(noteLine);
}
