import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  EventReader,
  type NumberedEvent,
} from "../../assets/lib/turns/event_reader.ts";
import { lastEvents } from "../../assets/lib/turns/events_tail.ts";
import { cutAt, cuts, text } from "../arbitrary.ts";

const events = fc.array(text.map((said) => ({ type: "note", said })), {
  maxLength: 20,
});

Deno.test("a file written in any pieces is read as the same events, each with its number", () => {
  const path = Deno.makeTempFileSync();
  try {
    fc.assert(
      fc.property(events, cuts, fc.boolean(), (events, at, finished) => {
        Deno.truncateSync(path);
        using reader = new EventReader(path);
        const lines = events.map((event) => JSON.stringify(event) + "\n");
        const bytes = new TextEncoder().encode(lines.join(""));
        const written = finished ? bytes : bytes.subarray(0, -1);
        const seen = cutAt(written, at).flatMap((piece) => {
          Deno.writeFileSync(path, piece, { append: true });
          const seen: NumberedEvent[] = [];
          reader.drain((numbered) => seen.push(numbered));
          return seen;
        });
        const whole = finished ? events : events.slice(0, -1);
        assertEquals(
          seen,
          whole.map((event, index) => ({ number: index + 1, event })),
        );
        assertEquals(lastEvents(path), whole);
      }),
      { numRuns: 300 },
    );
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("a line that is no event keeps its number to itself", () => {
  const path = Deno.makeTempFileSync();
  const lines = ['{"type":"a"}', "not json", "[1]", "", '{"type":"b"}', ""];
  Deno.writeTextFileSync(path, lines.join("\n"));
  using reader = new EventReader(path);
  const seen: string[] = [];
  reader.drain(({ number, event }) => seen.push(`${number} ${event.type}`));
  assertEquals(seen, ["1 a", "5 b"]);
  Deno.removeSync(path);
});
