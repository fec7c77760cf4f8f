import { assertEquals } from "@std/assert";
import type { Notification } from "../../assets/lib/codex/rpc.ts";
import {
  noteUnfinished,
  NOTHING_UNFINISHED,
  unfinishedEvents,
} from "../../assets/lib/codex/unfinished.ts";

const told = (threadId: string, method: string, more = {}): Notification => ({
  method,
  params: { threadId, ...more },
});
const spawned = (child: string, by = "t"): Notification =>
  told(by, "item/completed", {
    item: {
      type: "subAgentActivity",
      kind: "started",
      agentThreadId: child,
      agentPath: `/root/${child}`,
    },
  });
const goal = (status: string): Notification =>
  told("t", "thread/goal/updated", { goal: { objective: "Green", status } });

/** The agents and the goal that are left after these notifications. */
function left(...notifications: Notification[]) {
  const state = notifications.reduce(
    (state, each) => noteUnfinished(state, "t", each),
    NOTHING_UNFINISHED,
  );
  const [event] = unfinishedEvents(state);
  return event?.type === "turn.unfinished"
    ? [event.agents.map(({ name }) => name), event.goal?.status ?? null]
    : null;
}

Deno.test("bug 7: a sub-agent is left until its own turn is over, and again from a further message on", () => {
  const [started, over] = ["turn/started", "turn/completed"];
  assertEquals(left(), null);
  assertEquals(left(spawned("a")), [["/root/a"], null]);
  assertEquals(left(spawned("a"), told("a", started!)), [["/root/a"], null]);
  const done = [spawned("a"), told("a", started!), told("a", over!)];
  assertEquals(left(...done), null);
  assertEquals(left(...done, told("a", started!)), [["/root/a"], null]);
  // One that a sub-agent began, and one whose turn was over before it was named.
  assertEquals(left(...done, spawned("b", "a")), [["/root/b"], null]);
  assertEquals(left(told("a", over!), spawned("a")), null);
  // A thread that is nobody's here, and the older tools.
  assertEquals(left(told("x", started!), spawned("y", "x")), null);
  const item = { type: "collabAgentToolCall", receiverThreadIds: ["c"] };
  assertEquals(left(told("t", "item/started", { item })), [["c"], null]);
});

Deno.test("bug 14: a goal is left unless it is complete, cleared, or another thread's", () => {
  assertEquals(left(goal("active")), [[], "active"]);
  assertEquals(left(goal("active"), goal("budgetLimited")), [
    [],
    "budgetLimited",
  ]);
  assertEquals(left(goal("active"), goal("complete")), null);
  assertEquals(left(goal("active"), told("t", "thread/goal/cleared")), null);
  const other = { ...goal("active").params, threadId: "x" };
  assertEquals(left({ method: "thread/goal/updated", params: other }), null);
});
