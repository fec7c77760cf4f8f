/** What SKILL.md tells Claude: the rows that promise something of its text. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  codeBlocks,
  documents,
  read,
  references,
  section,
  tableRows,
} from "./documents.ts";

const skill = read("SKILL.md");

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

Deno.test("Row A34, Row A35: SKILL.md ends with the feedback check and the retrospective, which feedback.md words", () => {
  const headings = skill.match(/^## .*$/gm)!;
  assertEquals(headings.at(-1), "## Feedback");
  assertStringIncludes(section(skill, "Feedback"), "references/feedback.md");
  const feedback = read("references/feedback.md");
  const flowing = feedback.replace(/\n(?=\S)/g, " ");
  for (
    const part of [
      "feedback/log.md",
      "fewer than 5 entries",
      "read the last 10",
      "3 or more",
      "under 3",
      "in Japanese",
      "/skill-improve --skill codex-server",
      "say nothing",
      "1〜5",
      "Enter",
      "end without recording",
      "feedback, or if corrections or issues did occur",
    ]
  ) assertStringIncludes(flowing, part);
  const [header, entry] = codeBlocks(feedback)
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
  const calls = codeBlocks(skill).filter(({ language }) => language === "sh")
    .flatMap(({ body }) => body.split("\n"))
    .filter((line) =>
      /codex-server (new|wait|result|steer|approve)/.test(line)
    );
  assert(calls.length >= 5);
  for (const call of calls) {
    // Something may be piped in: the rule looks at each part of a pipeline.
    assert(
      /^(git diff \| )?~\/\.codex-server\/bin\/codex-server /.test(call),
      call,
    );
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
