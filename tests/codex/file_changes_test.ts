import { assertEquals } from "@std/assert";
import { changesOf, diffsOf } from "../../assets/lib/codex/file_changes.ts";

const HUNK = "@@ -1,3 +1,4 @@\n a\n-b\n+B\n+B2\n c\n";

/** What codex 0.171.0 sends with a patch of each kind. */
const SENT = [
  { path: "/w/new", kind: { type: "add" }, diff: "one\ntwo\n" },
  { path: "/w/gone", kind: { type: "delete" }, diff: "gone\n" },
  { path: "/w/up", kind: { type: "update", move_path: null }, diff: HUNK },
  {
    path: "/w/mv",
    kind: { type: "update", move_path: "/w/to" },
    diff: "@@ -1 +1 @@\n-x\n+X\n\n\nMoved to: /w/to",
  },
  { path: "/w/empty", kind: { type: "add" }, diff: "" },
];

Deno.test("newcomer A3: every kind of change has its hunks and how many lines they add and remove", () => {
  assertEquals(diffsOf(SENT), [
    {
      path: "/w/new",
      kind: "add",
      added: 2,
      removed: 0,
      diff: "@@ -0,0 +1,2 @@\n+one\n+two\n",
    },
    {
      path: "/w/gone",
      kind: "delete",
      added: 0,
      removed: 1,
      diff: "@@ -1 +0,0 @@\n-gone\n",
    },
    { path: "/w/up", kind: "update", added: 2, removed: 1, diff: HUNK },
    {
      path: "/w/mv",
      kind: "update",
      move_path: "/w/to",
      added: 1,
      removed: 1,
      diff: "@@ -1 +1 @@\n-x\n+X\n",
    },
    { path: "/w/empty", kind: "add", added: 0, removed: 0, diff: "" },
  ]);
});

Deno.test("an item has the counts without the hunks: a request shows them", () => {
  assertEquals(changesOf(SENT.slice(3, 4)), [
    {
      path: "/w/mv",
      kind: "update",
      move_path: "/w/to",
      added: 1,
      removed: 1,
    },
  ]);
});

Deno.test("changes of a strange shape are passed over, not tripped over", () => {
  assertEquals(changesOf(undefined), []);
  assertEquals(changesOf("x"), []);
  assertEquals(changesOf([null, {}]), [
    { path: "", kind: "update" },
    { path: "", kind: "update" },
  ]);
});
