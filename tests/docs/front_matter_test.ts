/** The front matter of SKILL.md, as the Agent Skills format and Claude Code want it. */
import { assert, assertEquals } from "@std/assert";
import { VERSION } from "../../assets/lib/version.ts";
import { frontMatter, read } from "./documents.ts";

const skill = read("SKILL.md");
const fields = frontMatter(skill);

Deno.test("The front matter has only the fields that Agent Skills allow", () => {
  const allowed = [
    "name",
    "description",
    "license",
    "compatibility",
    "metadata",
    "allowed-tools",
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

Deno.test("SKILL.md is short enough to be loaded whole", () => {
  assert(skill.length <= 10_000, `${skill.length} characters`);
});

Deno.test("Every document carries the version of the library", () => {
  assertEquals(JSON.parse(read(".claude-plugin/plugin.json")).version, VERSION);
  assertEquals(JSON.parse(read("deno.json")).version, VERSION);
  assert(
    read("references/feedback.md").includes(`- **Skill Version**: ${VERSION}`),
  );
  assert(read("README.md").includes(`**${VERSION}**`));
});
