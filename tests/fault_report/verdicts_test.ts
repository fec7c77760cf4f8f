import { assertEquals } from "@std/assert";
import { parseJunit, verdictLine, verdictOn } from "./verdicts.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="8" failures="3" errors="0" time="0.073">
  <testsuite name="./a_test.ts" tests="8" disabled="2" errors="0" failures="3">
    <testcase name="A1 fine &amp; &lt;good&gt;" classname="./a_test.ts" time="0.5" line="1" col="6">
    </testcase>
    <testcase name="A1 fine, too" classname="./a_test.ts" time="0.25" line="1" col="6">
    </testcase>
    <testcase name="A2 bad" classname="./a_test.ts" time="0.001" line="2" col="6">
      <failure message="Uncaught Error: x &lt;y&gt; &amp; &quot;z&quot;
second">Error: x</failure>
    </testcase>
    <testcase name="A3 skipped: because" classname="./a_test.ts" time="0.000" line="3" col="6">
      <skipped/>
    </testcase>
    <testcase name="A4 steps" classname="./a_test.ts" time="0.003" line="4" col="6">
      <failure message="1 test step failed">1 test step failed.</failure>
    </testcase>
    <testcase name="A4 steps &gt; two" classname="./a_test.ts" time="0.000" line="4" col="77">
      <failure message="Uncaught Error: in step">Error: in step</failure>
    </testcase>
    <testcase name="A5 forgotten" classname="./a_test.ts" line="6" col="6">
      <skipped/>
    </testcase>
    <testcase name="A11 another" classname="./a_test.ts" time="1" line="6" col="6">
    </testcase>
  </testsuite>
</testsuites>`;

Deno.test("every fault gets one line, whatever became of its tests", () => {
  const cases = parseJunit(REPORT);
  const lines = ["A1", "A2", "A3", "A4", "A5", "A6", "A11"].map((id) =>
    verdictLine(id, verdictOn(id, cases))
  );
  assertEquals(lines, [
    "A1 survived",
    'A2 failed: Uncaught Error: x <y> & "z"',
    "A3 skipped: because",
    "A4 failed: Uncaught Error: in step",
    "A5 failed: a test was skipped without a reason",
    "A6 failed: no test reported on it",
    "A11 survived",
  ]);
});

Deno.test("the time of a fault is that of its tests", () => {
  assertEquals(verdictOn("A1", parseJunit(REPORT)), {
    kind: "survived",
    seconds: 0.75,
  });
});
