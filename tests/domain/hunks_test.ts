import { assertEquals } from "@std/assert";
import { countLines, wholeFileHunk } from "../../assets/lib/domain/hunks.ts";

Deno.test("the hunk of a whole file says where its last line has no end", () => {
  assertEquals(wholeFileHunk("a\n", "+"), "@@ -0,0 +1 @@\n+a\n");
  assertEquals(
    wholeFileHunk("a\nb", "-"),
    "@@ -1,2 +0,0 @@\n-a\n-b\n\\ No newline at end of file\n",
  );
  assertEquals(wholeFileHunk("", "+"), "");
});

const COUNTS: [name: string, diff: string, added: number, removed: number][] = [
  ["nothing", "", 0, 0],
  ["one hunk", "@@ -1 +1,2 @@\n-a\n+b\n+c\n", 2, 1],
  ["two hunks", "@@ -1 +1 @@\n-a\n+b\n@@ -9,2 +9 @@\n x\n-y\n", 1, 2],
  [
    "lines that look like the head of a file",
    "@@ -1,2 +1,2 @@\n--- a\n-x\n+++ b\n+y\n",
    2,
    2,
  ],
  [
    "the heads of a patch",
    "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+b\n",
    1,
    1,
  ],
  [
    "a last line without an end",
    "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n",
    1,
    1,
  ],
  ["what is no diff", "+a\n-b\n", 0, 0],
];
for (const [name, diff, added, removed] of COUNTS) {
  Deno.test(`added and removed lines are counted: ${name}`, () => {
    assertEquals(countLines(diff), { added, removed });
  });
}
