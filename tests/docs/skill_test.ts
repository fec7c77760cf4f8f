/** What SKILL.md tells Claude: the rows that promise something of its text. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  codeBlocks,
  documents,
  inlineCode,
  read,
  references,
  section,
  tableRows,
} from "./documents.ts";

const skill = read("SKILL.md");
/** Line ends within a paragraph do not count. */
const flowing = skill.replace(/\n(?=\S)/g, " ");

Deno.test("Row A33: the reference files exist and SKILL.md says when to read each", () => {
  const rows = tableRows(section(skill, "References")).slice(1);
  const named = rows.map(([file]) =>
    file!.replaceAll("`", "").replace("references/", "")
  );
  assertEquals(named.toSorted(), references());
  for (
    const name of [
      "scenarios.feature",
      "auth-setup.md",
      "sdk-reference.md",
      "streaming-protocol.md",
      "execution-patterns.md",
      "examples.md",
      "error-handling.md",
    ]
  ) assert(references().includes(name), name);
  for (const [file, when] of rows) {
    assert(/when|only|on an/.test(when!), `${file}: ${when}`);
  }
});

Deno.test("Row A34: SKILL.md begins with the feedback check", () => {
  const [first, ...later] = skill.match(/^## .*$/gm)!;
  assertStringIncludes(first!, "feedback check");
  assert(later.length > 5);
  for (
    const part of [
      "Before any other work",
      "feedback/log.md",
      "5 entries or more",
      "read the last 10",
      "3 or more",
      "under 3",
      "in Japanese",
      "/skill-improve --skill codex-server",
      "say nothing about it",
    ]
  ) assertStringIncludes(flowing, part);
});

Deno.test("Row A35: SKILL.md ends with the retrospective", () => {
  const headings = skill.match(/^## (?!<).*$/gm)!;
  assertStringIncludes(headings.at(-1)!, "retrospective");
  for (
    const part of [
      "in Japanese",
      "1〜5",
      "Enter",
      "end without recording",
      "feedback, or if corrections or issues did occur",
    ]
  ) assertStringIncludes(flowing, part);
  const [header, entry] = codeBlocks(skill)
    .map(({ body }) => body)
    .filter((body) => /^# Feedback Log|^## </.test(body));
  assertEquals(
    header,
    "# Feedback Log\n\n<!-- Append new entries at the top. Do not edit previous entries. -->\n",
  );
  assertEquals(
    Array.from(entry!.matchAll(/^- \*\*(.+?)\*\*/gm), ([, name]) => name),
    [
      "Skill Version",
      "Task",
      "Outcome",
      "Rating",
      "Corrections",
      "Issues",
      "User Note",
    ],
  );
  assert(entry!.startsWith("## <ISO-8601 timestamp>\n"));
  assert(entry!.endsWith("---\n"));
});

Deno.test("Row A36: the whole flow stands in three lines", () => {
  const [flow] = codeBlocks(skill.split("\n## The flow\n")[1]!);
  const steps = flow!.body.trimEnd().split("\n");
  assertEquals(steps.length, 3);
  assertStringIncludes(steps[0]!, "new");
  assertStringIncludes(steps[1]!, "tail --follow");
  assertStringIncludes(steps[2]!, "done");
});

Deno.test("SKILL.md teaches only calls that the one permission rule covers", () => {
  const launcher = "~/.codex-server/bin/codex-server";
  assertStringIncludes(skill, `Bash(${launcher}:*)`);
  const calls = [
    ...codeBlocks(skill).filter(({ language }) => language === "sh")
      .flatMap(({ body }) => body.split("\n")),
    ...inlineCode(skill),
  ].filter((line) =>
    /(^|[/ ])codex-server (new|continue|wait|watch|steer|approve)/.test(line)
  );
  assert(calls.length >= 5);
  for (const call of calls) {
    assert(call.startsWith(`${launcher} `), call);
    // Within a quoted heredoc a dollar is only text; its first line has none.
    assert(!/\$/.test(call), call);
  }
});

Deno.test("Every link between the documents leads somewhere", () => {
  for (const { path, text } of documents()) {
    const folder = path.includes("/") ? "references/" : "";
    for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      read(folder + target!);
    }
  }
});
