import { assert, assertEquals, assertRejects } from "@std/assert";
import { EventQueue } from "../../assets/lib/codex/event_queue.ts";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";

const delta = (item_id: string, text: string): StoredEvent => ({
  type: "item.delta",
  item_id,
  delta: text,
});

const textOf = (event: StoredEvent) => (event as { delta?: string }).delta;

/** Reads a queue to its end. */
function reading(queue: EventQueue) {
  const read: StoredEvent[] = [];
  const over = (async () => {
    for await (const event of queue) read.push(event);
  })();
  over.catch(() => {});
  return { read, over };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("the first delta goes out at once, the next ones at most 20 a second, and no text is lost", async () => {
  const queue = new EventQueue();
  const { read, over } = reading(queue);
  const started = performance.now();
  let said = "";
  for (let n = 0; read.length < 8 && n < 100_000; n++) {
    said += `${n} `;
    queue.push(delta("m", `${n} `));
    await pause(1);
  }
  const elapsed = performance.now() - started;
  queue.end();
  await over;
  assertEquals(read[0], delta("m", "0 "), "the first one did not wait");
  assert(read.length >= 8, `${read.length} batches`);
  assert(elapsed >= 7 * 49, `8 batches in ${elapsed} ms`);
  assertEquals(read.map(textOf).join(""), said);
});

Deno.test("anything else flushes the deltas before it, and the order stays", async () => {
  const queue = new EventQueue();
  const { read, over } = reading(queue);
  queue.push(delta("m", "a"));
  await pause(0);
  queue.push(delta("m", "b"));
  queue.push(delta("m", "c"));
  queue.push({ type: "turn.started" });
  queue.push(delta("n", "d"));
  queue.push(delta("m", "e"));
  queue.push({ type: "error", message: "x" });
  queue.push({ type: "turn.completed" });
  await pause(0);
  assertEquals(read, [
    delta("m", "a"),
    delta("m", "bc"),
    { type: "turn.started" },
    delta("n", "d"),
    delta("m", "e"),
    { type: "error", message: "x" },
    { type: "turn.completed" },
  ]);
  queue.end();
  await over;
});

Deno.test("the end flushes what waits", async () => {
  const queue = new EventQueue();
  const { read, over } = reading(queue);
  queue.push(delta("m", "a"));
  await pause(0);
  queue.push(delta("m", "b"));
  queue.end();
  await over;
  assertEquals(read.map(textOf), ["a", "b"]);
});

Deno.test("events pushed before anybody reads are not lost, and a pushed event is not changed", async () => {
  const queue = new EventQueue();
  const first = delta("m", "a");
  queue.push(first);
  queue.push(delta("m", "b"));
  queue.end();
  const { read, over } = reading(queue);
  await over;
  assertEquals(read, [delta("m", "ab")]);
  assertEquals(first, delta("m", "a"));
});

Deno.test("an error comes after the last event, and the first end counts", async () => {
  const queue = new EventQueue();
  const { read, over } = reading(queue);
  queue.push({ type: "turn.started" });
  queue.push(delta("m", "a"));
  queue.end(new Error("it died"));
  queue.end(new Error("later"));
  await assertRejects(() => over, Error, "it died");
  assertEquals(read.length, 2);
});
