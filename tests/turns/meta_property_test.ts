import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseMeta } from "../../assets/lib/turns/meta.ts";
import { isTurnId } from "../../assets/lib/turns/turn_id.ts";
import { json, text } from "../arbitrary.ts";
import { idAt } from "./state_home.ts";

const sound = fc.record({
  schema_version: fc.constant(1),
  turn_id: fc.nat().map(idAt),
  thread_id: fc.option(text),
  started_at: text,
  cwd: text,
  model: fc.option(text),
  pid: fc.option(fc.integer({ min: 2, max: 2 ** 22 })),
  resumed_from: fc.option(text),
});
const NAMES = [
  ...["schema_version", "turn_id", "thread_id", "started_at", "cwd", "model"],
  ...["pid", "resumed_from"],
];

Deno.test("a sound meta.json comes back as it was written, with whatever a later version adds", () => {
  const extra = fc.dictionary(
    text.filter((name) => !NAMES.includes(name)),
    json,
  );
  fc.assert(
    fc.property(sound, extra, (meta, extra) => {
      const written = JSON.stringify({ ...extra, ...meta });
      assertEquals(parseMeta(written) as unknown, {
        kind: "ok",
        meta: {
          ...{ repository: null, called_from: null, inherited: null },
          ...JSON.parse(written),
        },
      });
    }),
    { numRuns: 500 },
  );
});

const isText = (value: unknown) => typeof value === "string";
const isTextOrNull = (value: unknown) => value === null || isText(value);

Deno.test("any text is a meta.json that can be used, or corrupt with a reason; nothing throws", () => {
  const changed = fc.tuple(
    sound,
    fc.dictionary(fc.constantFrom(...NAMES), fc.oneof(json, text)),
    fc.array(fc.constantFrom(...NAMES), { maxLength: 2 }),
  ).map(([meta, change, missing]) => {
    const whole: Record<string, unknown> = { ...meta, ...change };
    for (const name of missing) delete whole[name];
    return JSON.stringify(whole);
  });
  const anything = json.map((value) => JSON.stringify(value));
  fc.assert(
    fc.property(fc.oneof(changed, anything, text), (source) => {
      const reading = parseMeta(source);
      if (reading.kind === "corrupt") return assert(reading.reason !== "");
      const { meta } = reading;
      assert(isTurnId(meta.turn_id));
      assert(isText(meta.started_at) && isText(meta.cwd));
      assert(isTextOrNull(meta.thread_id) && isTextOrNull(meta.model));
      assert(isTextOrNull(meta.resumed_from));
      // A pid is never one that stands for several processes, or for init.
      assert(meta.pid === null || (Number.isInteger(meta.pid) && meta.pid > 1));
      assert(meta.schema_version <= 1);
    }),
    { numRuns: 1000 },
  );
});
