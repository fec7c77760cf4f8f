import { assertEquals } from "@std/assert";
import { topLevelString } from "../../assets/lib/codex/config_toml.ts";

const TOML = `
# model = "commented"
 model = "gpt-5.5" # why
quoted = 'it "is"'
number = 7
text = """
model_provider = "inside"
"""
"dashed-key" = "x"
[profiles.a]
later = "below a table"
`;

Deno.test("a top-level string is found, and what is commented, nested or inside a text is not", () => {
  assertEquals(topLevelString(TOML, "model"), "gpt-5.5");
  assertEquals(topLevelString(TOML, "quoted"), 'it "is"');
  for (const key of ["number", "model_provider", "later", "absent", "odel"]) {
    assertEquals(topLevelString(TOML, key), null, key);
  }
  assertEquals(topLevelString("", "model"), null);
  assertEquals(topLevelString('a = [\n  "x",\n]\nmodel = "m"', "model"), "m");
});
