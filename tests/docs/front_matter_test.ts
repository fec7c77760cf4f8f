/** The front matter of SKILL.md, as the Agent Skills format and Claude Code want it. */
import { assert, assertEquals } from "@std/assert";
import { VERSION } from "../../assets/lib/version.ts";
import { body, frontMatter, read } from "./documents.ts";

const skill = read("SKILL.md");
const fields = frontMatter(skill);

Deno.test("The front matter has only the fields that Agent Skills allow", () => {
  const allowed = [
    "name",
    "description",
    "license",
    "compatibility",
    "metadata",
    // `allowed-tools` is allowed too, but with it Claude Code asks before it loads the
    // skill, and the calls of the launcher are still not let through.
  ];
  assertEquals(Object.keys(fields).filter((key) => !allowed.includes(key)), []);
  assertEquals(fields.name, "codex-server");
  assertEquals(fields.license, "MIT");
  assertEquals(fields.metadata, { version: VERSION });
  assert((fields.compatibility as string).length <= 500);
});

Deno.test("The description fits and keeps the uses of the skill", () => {
  const description = fields.description as string;
  assert(description.length <= 1024, `${description.length} characters`);
  for (
    const use of [
      "chat with GPT/Codex",
      "second opinion",
      "cross-check",
      "structured output",
      "images",
      "continue a thread",
      "streaming multi-turn",
      "Prefer over codex-cli",
    ]
  ) assert(description.includes(use), use);
});

Deno.test("The body of SKILL.md is short enough to be loaded whole", () => {
  assert(body(skill).split("\n").length < 300);
});

Deno.test("Every document carries the version of the library", () => {
  assertEquals(JSON.parse(read(".claude-plugin/plugin.json")).version, VERSION);
  assertEquals(JSON.parse(read("deno.json")).version, VERSION);
  assert(skill.includes(`- **Skill Version**: ${VERSION}`));
  assert(read("README.md").includes(`**${VERSION}**`));
});
