import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  LineSplitter,
  parseEventLine,
  parseEvents,
} from "../../assets/lib/events/jsonl.ts";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";
import { cutAt, cuts, json, text } from "../arbitrary.ts";

const line = text.map((line) => line.replaceAll(/\r|\n/g, ""));
const lineEnd = fc.constantFrom("\n", "\r\n");

/** Lines with their ends, and what stands behind the last end. */
const lines = fc.array(fc.tuple(line, lineEnd), { maxLength: 20 });

/** What a splitter makes of these pieces. */
function split(pieces: string[]): { lines: string[]; rest: string } {
  const splitter = new LineSplitter();
  const found = pieces.flatMap((piece) => splitter.push(piece));
  return { lines: found, rest: splitter.rest };
}

Deno.test("any cutting of the text gives the lines, LF or CRLF, and keeps back the unfinished one", () => {
  fc.assert(
    fc.property(lines, line, cuts, (whole, rest, at) => {
      const written = whole.map((parts) => parts.join("")).join("") + rest;
      assertEquals(split(cutAt(written, at)), {
        lines: whole.map(([line]) => line),
        rest,
      });
    }),
    { numRuns: 1000 },
  );
});

Deno.test("any cutting of the bytes gives the same lines, inside a character too", () => {
  fc.assert(
    fc.property(lines, cuts, (whole, at) => {
      const written = whole.map((parts) => parts.join("")).join("");
      const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      const pieces = cutAt(new TextEncoder().encode(written), at).map((bytes) =>
        decoder.decode(bytes, { stream: true })
      );
      assertEquals(split(pieces).lines, whole.map(([line]) => line));
    }),
    { numRuns: 500 },
  );
});

const event = fc.tuple(fc.string(), fc.dictionary(fc.string(), json)).map(
  ([type, fields]) => JSON.parse(JSON.stringify({ ...fields, type })),
);

Deno.test("events come back as they were written, foreign lines and a partial last one do not", () => {
  fc.assert(
    fc.property(fc.array(event), event, cuts, (events, last, [at = 0]) => {
      const written = events.map((event) =>
        `${JSON.stringify(event)}\r\nnot json\n\n`
      );
      const partial = cutAt(JSON.stringify(last), [at])[0]!;
      assertEquals<StoredEvent[]>(
        parseEvents(written.join("") + partial),
        events,
      );
    }),
    { numRuns: 300 },
  );
});

Deno.test("no line is worse than no event", () => {
  const source = fc.oneof(text, json.map((value) => JSON.stringify(value)));
  fc.assert(
    fc.property(source, (line) => {
      const found = parseEventLine(line);
      if (found) assertEquals(typeof found.type, "string");
    }),
    { numRuns: 1000 },
  );
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
