import { assertEquals } from "@std/assert";
import { idsOf, parseJunit, verdictOn, withVerdicts } from "./report.ts";

const test = (name: string, body = "") =>
  `<testcase name="${name}" classname="./a_test.ts" time="0.5" line="1" col="6">${body}\n</testcase>`;

const REPORT = [
  '<testsuite name="./a_test.ts" tests="8" disabled="2" errors="0" failures="3">',
  test("A1 fine &amp; &lt;good&gt;"),
  test(
    "A2 bad",
    '\n<failure message="Uncaught Error: x &lt;y&gt; &amp; &quot;z&quot;\nsecond">Error: x</failure>',
  ),
  test("A3 skipped: because", "<skipped/>"),
  test("A4 steps", '<failure message="1 test step failed">it</failure>'),
  test("A4 steps &gt; two", '<failure message="in | step">Error</failure>'),
  test("A5 forgotten", "<skipped/>"),
  test("A11 another"),
].join("\n");

const table = (summary: string, ...last: string[]) =>
  `Last run, ${summary}.\n\n|     | fault | what happens | last run |
| --- | ----- | ------------ | -------- |
| A1 | a \\| b | c | ${last[0]} |
| A2 | a | c | ${last[1]} |
| A3 | a | c | ${last[2]} |
| A4 | a | c | ${last[3]} |
| A5 | a | c | ${last[4]} |
| A6 | a | c | ${last[5]} |
| A11 | a | c | ${last[6]} |
| B1 | a | c | ${last[7]} |`;

Deno.test("every fault of the table gets one line, whatever became of its tests", () => {
  const before = table("early", ...Array(8).fill("not \\| run"));
  const ids = idsOf(before);
  const cases = parseJunit(REPORT);
  const verdicts = new Map(
    ids.slice(0, 7).map((id) => [id, verdictOn(id, cases)]),
  );
  assertEquals(Array.from(verdicts, (line) => line.join(" ")), [
    "A1 survived",
    'A2 failed: Uncaught Error: x <y> & "z"',
    "A3 skipped: because",
    "A4 failed: in | step",
    "A5 failed: a test was skipped without a reason",
    "A6 failed: no test reported on it",
    "A11 survived",
  ]);
  const marked = [...verdicts.values()].map((verdict) =>
    verdict.replace(/^\w+(?=:)/, "**$&**").replace("|", "\\|")
  );
  assertEquals(
    withVerdicts(before, verdicts, "now"),
    table("now", ...marked, "not run"),
  );
});
