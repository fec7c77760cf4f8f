import { assertEquals, assertMatch } from "@std/assert";
import { openLab } from "../lab.ts";

Deno.test("A1 new prints JSON with the turn id and every path, and the turn completes", async () => {
  await using lab = await openLab();
  const started = await lab.json("new", "hello");
  assertMatch(started.turn_id, /^[0-9a-f-]{36}$/);
  const paths = lab.turn(started.turn_id);
  assertEquals(started.out_path, paths.out);
  assertEquals(started.events_path, paths.events);
  assertEquals(started.done_marker, paths.done);
  assertEquals(started.error_marker, paths.error);
  assertEquals(started.meta_path, paths.meta);
  const waited = await lab.chat(["wait", started.turn_id]);
  assertEquals(waited.code, 0);
  assertMatch(waited.stdout, /You said: hello/);
});
