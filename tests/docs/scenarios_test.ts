/** Every scenario of scenarios.feature names the test that shows it. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../lab.ts";
import { read } from "./documents.ts";

/** `# FILE: beginning or part of the test's name`, on the line below each scenario. */
const SHOWN_BY = /^\s*Scenario: (.*)\n(?:\s*# (tests\/\S+): (.*)\n)?/gm;

Deno.test("Every scenario names a test, and the test is there", () => {
  const scenarios = Array.from(
    read("references/scenarios.feature").matchAll(SHOWN_BY),
    ([, name, file, test]) => ({ name: name!, file, test }),
  );
  assert(scenarios.length > 20);
  assertEquals(
    new Set(scenarios.map(({ name }) => name)).size,
    scenarios.length,
  );
  for (const { name, file, test } of scenarios) {
    assert(file && test, `"${name}" names no test`);
    const source = Deno.readTextFileSync(join(ROOT, file));
    assert(source.includes(test), `${file} has no test "${test}"`);
  }
});
