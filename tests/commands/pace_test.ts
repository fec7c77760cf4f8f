import { assert, assertEquals } from "@std/assert";
import { Pace } from "../../assets/lib/commands/pace.ts";

/** A pace and what it let through. */
function paced() {
  const shown: string[] = [];
  return { pace: new Pace((text) => shown.push(text)), shown };
}

Deno.test("a few lines go out at once", () => {
  const { pace, shown } = paced();
  for (const text of ["a", "b", "c"]) pace.say(text, false, 0);
  assertEquals(shown, ["a", "b", "c"]);
});

Deno.test("of a flood the latest line is kept, and what was left out is counted", () => {
  const { pace, shown } = paced();
  for (let index = 1; index <= 203; index++) pace.say(`l${index}`, false, 0);
  assertEquals(shown, ["l1", "l2", "l3"]);
  pace.flush(500);
  assertEquals(shown.length, 3);
  pace.flush(1000);
  assertEquals(shown.slice(3), ["l203 (+199 left out)"]);
});

Deno.test("at most three plain lines go out in any second of a flood of ten", () => {
  const times: number[] = [];
  let now = 0;
  const pace = new Pace(() => times.push(now));
  for (now = 0; now < 10_000; now += 10) {
    pace.say(String(now), false, now);
    pace.flush(now);
  }
  assert(times.length >= 27, `${times.length} lines in ten seconds`);
  for (const from of times) {
    const within = times.filter((at) => at >= from && at < from + 1000);
    assert(within.length <= 3, `${within.length} lines after ${from}`);
  }
});

Deno.test("an urgent line comes at once, after what was held before it", () => {
  const { pace, shown } = paced();
  for (const text of ["a", "b", "c", "d"]) pace.say(text, false, 0);
  pace.say("answer me", true, 1);
  assertEquals(shown, ["a", "b", "c", "d", "answer me"]);
});

Deno.test("nothing that was held is lost at the end", () => {
  const { pace, shown } = paced();
  for (const text of ["a", "b", "c", "d", "e"]) pace.say(text, false, 0);
  pace.flush(Infinity);
  assertEquals(shown.at(-1), "e (+1 left out)");
  pace.flush(Infinity);
  assertEquals(shown.length, 4);
});
