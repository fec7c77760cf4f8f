/** Every scenario of scenarios.feature is a test of the same name. */
import { assert, assertEquals } from "@std/assert";
import { walk } from "@std/fs/walk";
import { join } from "@std/path";
import { ROOT } from "../lab.ts";
import { read } from "./documents.ts";

const scenarios = Array.from(
  read("references/scenarios.feature").matchAll(/^\s*Scenario: (.*)$/gm),
  ([, name]) => name!,
);

/** The names of all tests below tests/. */
async function testNames(): Promise<Set<string>> {
  const names = new Set<string>();
  for await (
    const { path } of walk(join(ROOT, "tests"), { includeDirs: false })
  ) {
    if (!path.endsWith("_test.ts")) continue;
    const text = await Deno.readTextFile(path);
    const calls = text.matchAll(
      /Deno\.test\(\s*(?:\{\s*name:\s*)?"((?:[^"\\]|\\.)*)"/g,
    );
    for (const [, name] of calls) names.add(JSON.parse(`"${name}"`));
  }
  return names;
}

Deno.test("Every scenario has a test of the same name", async () => {
  assert(scenarios.length > 20);
  assertEquals(new Set(scenarios).size, scenarios.length);
  const names = await testNames();
  assertEquals(scenarios.filter((scenario) => !names.has(scenario)), []);
});
