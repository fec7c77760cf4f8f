import { assertEquals } from "@std/assert";
import { type Column, table } from "../../assets/lib/output/table.ts";
import { cutToWidth, textWidth } from "../../assets/lib/output/width.ts";

interface Row {
  name: string;
  note: string;
  text: string;
}

const columns: Column<Row>[] = [
  { title: "NAME", cell: ({ name }) => name, colour: () => "green" },
  { title: "NOTE", cell: ({ note }) => note, atMost: 5 },
  { title: "TEXT", cell: ({ text }) => text },
];
const row = (name: string, note: string, text: string): Row => ({
  name,
  note,
  text,
});
const shown = (rows: Row[], width = 30, colours = false) =>
  table(columns, rows, { width, colours });

Deno.test("columns are as wide as what stands in them, and the last is cut where the terminal ends", () => {
  assertEquals(
    shown([row("a", "", "short"), row("日本", "too long", "x".repeat(40))]),
    [
      "NAME  NOTE  TEXT",
      "a           short",
      "日本  too…  xxxxxxxxxxxxxxxxx…",
      "",
    ].join("\n"),
  );
});

Deno.test("a column without anything is left out, and nothing from outside steers the terminal", () => {
  assertEquals(
    shown([row("a\x1b[2J", "", "one\ntwo\u202e")]),
    "NAME   TEXT\na␛[2J  one two<U+202E>\n",
  );
});

Deno.test("colours take no room", () => {
  assertEquals(
    shown([row("a", "", "b")], 30, true),
    "\x1b[1mNAME\x1b[0m  \x1b[1mTEXT\x1b[0m\n\x1b[32ma\x1b[0m     b\n",
  );
});

Deno.test("a text is as wide as a terminal shows it", () => {
  const widths: [string, number][] = [
    ["hello world", 11],
    ["天地玄黃", 8],
    ["ｆｕｌｌ", 8],
    ["e\u0301", 1],
    ["한글", 4],
    ["👍 ok", 5],
    ["…é—", 3],
  ];
  for (const [text, width] of widths) {
    assertEquals(textWidth(text), width, text);
  }
  assertEquals(cutToWidth("天地玄黃", 8), "天地玄黃");
  assertEquals(cutToWidth("天地玄黃", 6), "天地…");
  assertEquals(cutToWidth("hello world", 7), "hello…");
  assertEquals(cutToWidth("hello", 0), "");
});
