import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { openLab } from "../lab.ts";
import {
  notStrict,
  wrongType,
} from "../../assets/lib/commands/schema_words.ts";

const strict = (more: object) => ({
  type: "object",
  additionalProperties: false,
  ...more,
});

Deno.test("newcomer A15: what the service's strict mode refuses is found, wherever it is", () => {
  const text = { type: "string" };
  const cases: [schema: unknown, flaw: string | null][] = [
    [strict({}), null],
    [strict({ properties: { a: text }, required: ["a"] }), null],
    [{ type: "string" }, null],
    [{ type: "object" }, 'lacks "additionalProperties": false at $'],
    [
      strict({ properties: { a: text } }),
      'does not list "a" among "required" at $',
    ],
    [
      { type: "array", items: { properties: { a: text } } },
      'lacks "additionalProperties": false at $.items',
    ],
    [
      strict({
        properties: { a: { anyOf: [text, { type: "object" }] } },
        required: ["a"],
      }),
      'lacks "additionalProperties": false at $.properties.a.anyOf[1]',
    ],
  ];
  for (const [schema, flaw] of cases) assertEquals(notStrict(schema), flaw);
});

Deno.test("a property that is called type is no type, and data is no schema", () => {
  assertEquals(
    wrongType({
      properties: { type: { type: "string" } },
      default: { type: "strin" },
      enum: [{ type: "strin" }],
    }),
    null,
  );
});

Deno.test("newcomer A15: new tells of a schema that the service will refuse", async () => {
  await using lab = await openLab();
  const path = join(lab.home.home, "open.json");
  Deno.writeTextFileSync(path, '{"type":"object"}');
  const { code, stderr } = await lab.chat(["new", "--schema", path, "hello"]);
  assertEquals(code, 0);
  assertMatch(
    stderr,
    /^codex-server: note: the schema .*open\.json lacks "additionalProperties": false at \$; OpenAI's service refuses/,
  );
});
