import { assert, assertEquals } from "@std/assert";
import { Pace } from "../../assets/lib/commands/pace.ts";
import { Silence } from "../../assets/lib/commands/silence.ts";

/** A pace and what it let through. */
function paced(limited = true) {
  const shown: string[] = [];
  return { pace: new Pace((text) => shown.push(text), limited), shown };
}

const lines = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `l${index + 1}`);

Deno.test("a dozen lines go out at once; of a flood the latest is kept, and what was left out is counted", () => {
  const { pace, shown } = paced();
  for (const text of lines(212)) pace.say(text, false, 0);
  assertEquals(shown, lines(12));
  pace.flush(300);
  assertEquals(shown.length, 12);
  pace.flush(400);
  assertEquals(shown.slice(12), ["l212 (+199 left out)"]);
});

Deno.test("newcomer B5: a replay leaves nothing out", () => {
  const { pace, shown } = paced(false);
  for (const text of lines(500)) pace.say(text, false, 0);
  assertEquals(shown, lines(500));
});

Deno.test("after the first dozen at most three plain lines go out in any second of a flood of ten", () => {
  const times: number[] = [];
  let now = 0;
  const pace = new Pace(() => times.push(now));
  for (now = 0; now < 10_000; now += 10) {
    pace.say(String(now), false, now);
    pace.flush(now);
  }
  assert(times.length >= 12 + 27, `${times.length} lines in ten seconds`);
  for (const from of times.slice(12)) {
    const within = times.filter((at) => at >= from && at < from + 1000);
    assert(within.length <= 3, `${within.length} lines after ${from}`);
  }
});

Deno.test("an urgent line comes at once, after what was held before it", () => {
  const { pace, shown } = paced();
  for (const text of lines(13)) pace.say(text, false, 0);
  pace.say("answer me", true, 1);
  assertEquals(shown, [...lines(13), "answer me"]);
});

Deno.test("nothing that was held is lost at the end", () => {
  const { pace, shown } = paced();
  for (const text of lines(14)) pace.say(text, false, 0);
  pace.flush(Infinity);
  assertEquals(shown.at(-1), "l14 (+1 left out)");
  pace.flush(Infinity);
  assertEquals(shown.length, 13);
});

Deno.test("newcomer B5: a long silence gets a word after 1, 2, 5 and 10 minutes, then every ten", () => {
  const silence = new Silence(0);
  const words: number[] = [];
  const listen = (from: number, to: number) => {
    for (let second = from; second < to; second++) {
      const silent = silence.due(second * 1000);
      if (silent !== null) words.push(silent / 60_000);
    }
  };
  listen(0, 31 * 60);
  assertEquals(words, [1, 2, 5, 10, 20, 30]);
  silence.broken(31 * 60_000);
  listen(31 * 60, 34 * 60);
  assertEquals(words.slice(6), [1, 2]);
});
