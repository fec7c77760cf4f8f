import { assertEquals, assertMatch } from "@std/assert";
import { parseMeta } from "../../assets/lib/turns/meta.ts";

const SOUND = {
  schema_version: 1,
  turn_id: "01a1fe8e-d5c8-77c3-a907-824799b88933",
  thread_id: null,
  started_at: "2026-01-01T00:00:00.000Z",
  cwd: "/tmp",
  model: null,
  pid: null,
  resumed_from: null,
};

const read = (change: Record<string, unknown>) =>
  parseMeta(JSON.stringify({ ...SOUND, ...change }));

Deno.test("a sound meta.json is read, fields of a later version of this schema included", () => {
  assertEquals(read({}).kind, "ok");
  assertEquals(read({ pid: 2, future: { x: 1 } }).kind, "ok");
});

Deno.test("a meta.json that is torn, foreign or of a wrong type is corrupt, with the reason", () => {
  const whole = JSON.stringify(SOUND);
  for (let cut = 0; cut < whole.length; cut++) {
    assertEquals(parseMeta(whole.slice(0, cut)).kind, "corrupt");
  }
  for (const text of ["null", "[]", "7", '"x"', "\0", "{}"]) {
    assertEquals(parseMeta(text).kind, "corrupt", text);
  }
  for (
    const change of [
      { schema_version: "1" },
      { turn_id: "../x" },
      { turn_id: 1 },
      { thread_id: 3 },
      { started_at: null },
      { cwd: undefined },
      { model: {} },
      { resumed_from: [] },
    ]
  ) assertEquals(read(change).kind, "corrupt", JSON.stringify(change));
});

Deno.test("a pid that no process of ours can have is corrupt", () => {
  for (const pid of [0, 1, -1, 1.5, "2", NaN, 2 ** 40, true]) {
    assertEquals(read({ pid }).kind, pid !== pid ? "ok" : "corrupt", `${pid}`);
  }
});

Deno.test("a meta.json of a newer schema says to update", () => {
  const reading = read({ schema_version: 99 });
  assertEquals(reading.kind, "corrupt");
  if (reading.kind === "corrupt") assertMatch(reading.reason, /99.*update/);
});
