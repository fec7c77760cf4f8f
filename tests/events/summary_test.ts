import { assertEquals } from "@std/assert";
import { EMPTY_SUMMARY, summarize } from "../../assets/lib/events/summary.ts";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";

const fold = (...events: StoredEvent[]) =>
  events.reduce(summarize, EMPTY_SUMMARY);
const said = (text: string): StoredEvent => ({
  type: "item.completed",
  item: { id: text, type: "agent_message", text },
});
const USAGE = { input_tokens: 1, cached_input_tokens: 0, output_tokens: 2 };
const completed: StoredEvent = { type: "turn.completed", usage: USAGE };

Deno.test("the text is the final message alone", () => {
  const summary = fold(
    { type: "thread.started", thread_id: "t" },
    said("first"),
    said("last"),
    completed,
  );
  assertEquals(summary.text, "last");
  assertEquals(summary.thread_id, "t");
  assertEquals(summary.ended, "completed");
  assertEquals(summary.usage, USAGE);
});

Deno.test("files that changed are named once each, in order; a failed change names none", () => {
  const change = (status: string, ...paths: string[]): StoredEvent => ({
    type: "item.completed",
    item: {
      id: "f",
      type: "file_change",
      status,
      changes: paths.map((path) => ({ path, kind: "add" })),
    },
  });
  assertEquals(
    fold(
      change("completed", "b", "a"),
      change("failed", "x"),
      change("completed", "a", "c"),
    )
      .files_changed,
    ["b", "a", "c"],
  );
});

Deno.test("the first terminal event wins", () => {
  const failed: StoredEvent = {
    type: "turn.failed",
    error: { message: "no" },
  };
  assertEquals(fold(failed, completed).ended, "failed");
  assertEquals(fold(completed, failed).error, null);
  assertEquals(fold(completed, said("late")).text, "");
});

Deno.test("a retry is no failure once the turn completed", () => {
  const retry: StoredEvent = { type: "error", message: "Reconnecting… 1/5" };
  assertEquals(fold(retry).error, "Reconnecting… 1/5");
  assertEquals(fold(retry, completed).error, null);
});

Deno.test("unknown events and items change nothing", () => {
  assertEquals(
    fold({ type: "future" }, {
      type: "item.completed",
      item: { id: "1", type: "hologram" },
    }),
    EMPTY_SUMMARY,
  );
});

Deno.test("E26 bug 10: a remark on the way, an empty message and none are no final message", () => {
  const remark: StoredEvent = {
    type: "item.completed",
    item: {
      id: "r",
      type: "agent_message",
      text: "I look.",
      phase: "commentary",
    },
  };
  const command: StoredEvent = {
    type: "item.started",
    item: {
      id: "c",
      type: "command_execution",
      command: "ls",
      aggregated_output: "",
      status: "in_progress",
    },
  };
  const answered: [events: StoredEvent[], boolean][] = [
    [[said("yes")], true],
    [[command, said("yes")], true],
    [[remark, command, said("yes")], true],
    [[], false],
    [[said(" \n")], false],
    [[said("yes"), said("")], false],
    [[remark], false],
    // Engines that name no phase: whoever works on has not answered yet.
    [[said("I look."), command], false],
  ];
  for (const [events, expected] of answered) {
    const summary = fold(...events, completed);
    assertEquals(summary.answered, expected, JSON.stringify(events));
  }
});
