import { assertEquals } from "@std/assert";
import {
  LineSplitter,
  parseEventLine,
  parseEvents,
} from "../../assets/lib/events/jsonl.ts";

const TEXT = '{"type":"a","s":"é🚀"}\r\nnot json\n\n{"type":"b"}\n{"type":"c"';
const LINES = ['{"type":"a","s":"é🚀"}', "not json", "", '{"type":"b"}'];

Deno.test("lines come out whole wherever the text was cut, even inside a character", () => {
  const bytes = new TextEncoder().encode(TEXT);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const decoder = new TextDecoder();
    const splitter = new LineSplitter();
    const lines = [bytes.subarray(0, cut), bytes.subarray(cut)].flatMap(
      (part) => splitter.push(decoder.decode(part, { stream: true })),
    );
    assertEquals(lines, LINES, `cut at ${cut}`);
    assertEquals(splitter.rest, '{"type":"c"');
  }
});

Deno.test("byte by byte gives the same lines", () => {
  const splitter = new LineSplitter();
  const decoder = new TextDecoder();
  const lines: string[] = [];
  for (const byte of new TextEncoder().encode(TEXT)) {
    lines.push(...splitter.push(
      decoder.decode(new Uint8Array([byte]), { stream: true }),
    ));
  }
  assertEquals(lines, LINES);
});

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
