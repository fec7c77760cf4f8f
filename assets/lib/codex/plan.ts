/** The plan of a turn: the protocol sends it whole each time, and has no item for it. */
import type { ThreadEvent } from "../events/thread_event.ts";

/** A step as the protocol gives it. */
export interface WireStep {
  step: string;
  status: string;
}

/** A step of a todo_list item. */
export interface Step {
  text: string;
  completed: boolean;
}

/** The plan as the items of a todo_list. */
export const stepsOf = (steps: WireStep[]): Step[] =>
  steps.map(({ step, status }) => ({
    text: step,
    completed: status === "completed",
  }));

/** An event of a turn's todo_list item. */
export const planEvent = (
  type: "item.started" | "item.updated" | "item.completed",
  items: Step[],
): ThreadEvent => ({ type, item: { id: "plan", type: "todo_list", items } });
