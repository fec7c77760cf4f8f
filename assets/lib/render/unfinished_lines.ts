/** What a turn leaves behind, as lines for people. Pure. */
import type { ThreadEvent } from "../events/thread_event.ts";
import { oneLine } from "./one_line.ts";

/** A tagged line for the sub-agents that were cut off, one for the goal. */
export function unfinishedLines(
  { agents, goal }: Extract<ThreadEvent, { type: "turn.unfinished" }>,
): string[] {
  const names = agents.map(({ name }) => oneLine(name)).join(", ");
  return [
    ...(names ? [`[agents] still at work, ended with the turn: ${names}`] : []),
    ...(goal
      ? [
        `[goal] not reached (${oneLine(goal.status)}): ${
          oneLine(goal.objective)
        }`,
      ]
      : []),
  ];
}
