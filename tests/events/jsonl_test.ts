import { assertEquals } from "@std/assert";
import { parseEventLine, parseEvents } from "../../assets/lib/events/jsonl.ts";

const TEXT = '{"type":"a","s":"é🚀"}\r\nnot json\n\n{"type":"b"}\n{"type":"c"';

Deno.test("a line is an event when it is a JSON object with a type", () => {
  assertEquals(parseEventLine('{"type":"x","y":1}'), { type: "x", y: 1 });
  for (
    const line of [
      "",
      "7",
      "null",
      "[]",
      '"type"',
      "{}",
      '{"type":1}',
      "{",
      " ",
    ]
  ) assertEquals(parseEventLine(line), null, line);
});

Deno.test("a partial last line and foreign lines are passed over", () => {
  assertEquals(parseEvents(TEXT).map(({ type }) => type), ["a", "b"]);
  assertEquals(parseEvents(""), []);
});
