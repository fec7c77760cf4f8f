import { assertEquals } from "@std/assert";
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
      { pid: 2 ** 40 },
    ]
  ) assertEquals(read(change).kind, "corrupt", JSON.stringify(change));
});
