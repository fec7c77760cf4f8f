import { assertEquals } from "@std/assert";
import { type Phase, phaseOf } from "../../assets/lib/events/phase.ts";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";

const item = (on: string, type: string): StoredEvent => ({
  type: `item.${on}`,
  item: { id: "1", type, text: "", command: "" },
});

const CASES: [Phase, StoredEvent[]][] = [
  ["starting", []],
  ["starting", [{ type: "future.thing" }]],
  ["thinking", [{ type: "thread.started", thread_id: "x" }]],
  ["thinking", [{ type: "turn.started" }]],
  ["thinking", [item("started", "reasoning")]],
  ["writing", [{ type: "item.delta", item_id: "1", delta: "x" }]],
  ["writing", [item("updated", "agent_message")]],
  ["running a command", [item("started", "command_execution")]],
  ["thinking", [
    item("started", "command_execution"),
    item("completed", "command_execution"),
  ]],
  ["retrying", [{ type: "error", message: "Reconnecting… 1/5" }]],
  ["running a command", [
    item("started", "command_execution"),
    { type: "future.thing" },
  ]],
];

Deno.test("the latest event that says anything decides the phase", () => {
  for (const [phase, events] of CASES) {
    assertEquals(phaseOf(events), phase, JSON.stringify(events));
  }
});

Deno.test("review A14: a delta says by itself what is going on", () => {
  const after = (kind: string) =>
    phaseOf([{ type: "item.delta", item_id: "x", kind, delta: "…" }]);
  assertEquals(after("command_execution"), "running a command");
  assertEquals(after("agent_message"), "writing");
  assertEquals(after("reasoning"), "thinking");
});
