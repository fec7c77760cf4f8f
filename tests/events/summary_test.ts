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
