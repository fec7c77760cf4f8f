import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { topLevelString } from "../../assets/lib/codex/config_toml.ts";
import { text } from "../arbitrary.ts";

/** What a one-line string of TOML may hold without an escape. */
const value = text.map((value) => value.replaceAll(/["'\\\p{Cc}]/gu, ""));
const quoted = fc.tuple(value, fc.constantFrom('"', "'")).map((
  [value, quote],
) => quote + value + quote);
/** Lines that say nothing about `model`. */
const other = fc.oneof(
  quoted.map((value) => `# model = ${value}`),
  quoted.map((value) => `other = ${value}`),
  quoted.map((value) => `model_provider = ${value}`),
  quoted.map((value) =>
    `text = """\nmodel = ${value.replaceAll('"', "'")}\n"""`
  ),
  fc.constantFrom("", "list = [1, 2]", "n = 7", 'x = { model = "inline" }'),
);
const table = fc.constantFrom("[profiles.a]", "[[list]]", " [indented]");

Deno.test("a top-level string is found among whatever else stands there, and nowhere else", () => {
  fc.assert(
    fc.property(
      fc.array(other),
      fc.option(quoted),
      fc.array(other),
      fc.option(fc.tuple(table, quoted)),
      (before, given, between, below) => {
        const toml = [
          ...before,
          ...(given === null ? [] : [`model = ${given}`]),
          ...between,
          ...(below === null ? [] : [below[0], `model = ${below[1]}`]),
        ].join("\n");
        assertEquals(
          topLevelString(toml, "model"),
          given === null ? null : given.slice(1, -1),
        );
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("no text throws", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const found = topLevelString(`${before}model = ${after}`, "model");
      assertEquals(found === null || typeof found === "string", true);
    }),
    { numRuns: 500 },
  );
});
