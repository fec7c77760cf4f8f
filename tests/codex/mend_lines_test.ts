import { assertEquals } from "@std/assert";
import { eventLines } from "../../assets/lib/codex/mend_lines.ts";

async function* each(lines: string[]): AsyncGenerator<string> {
  yield* lines;
}

async function mended(...lines: string[]) {
  const stray: string[] = [];
  const events = await Array.fromAsync(
    eventLines(each(lines), (line) => stray.push(line)),
  );
  return { events, stray };
}

const event = (text: string) => JSON.stringify({ type: "x", text });

Deno.test("an event that a separator of lines cut in pieces is whole again", async () => {
  for (const text of ["a\u2028b", "\u2028", "a\u2028\u2028}\u2028{\u2028"]) {
    const pieces = event(text).split("\u2028");
    const { events, stray } = await mended(event("1"), ...pieces, event("2"));
    assertEquals(events, [event("1"), event(text), event("2")]);
    assertEquals(stray, []);
  }
});

Deno.test("what is no event is told of, and holds no event up", async () => {
  const { events, stray } = await mended(
    ...["warning: x", "", '{"type":"x","te', event("1"), "{}", " "],
    ...['{"type":1}', event("2"), '{"type":"cut'],
  );
  assertEquals(events, [event("1"), event("2")]);
  assertEquals(stray, [
    ...["warning: x", '{"type":"x","te', "{}", '{"type":1}'],
    '{"type":"cut',
  ]);
});
