import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  isTurnId,
  newTurnId,
  turnIdTime,
} from "../../assets/lib/turns/turn_id.ts";
import { text } from "../arbitrary.ts";
import { idAt } from "./state_home.ts";

const START = Date.now();
const moment = fc.integer({ min: 0, max: 2 ** 48 - 1 });

Deno.test("an id tells its time, whatever the time", () => {
  fc.assert(fc.property(moment, (ms) => {
    const id = idAt(ms);
    assert(isTurnId(id), id);
    assertEquals(turnIdTime(id), ms);
  }));
});

Deno.test("sorted by name is sorted by time", () => {
  fc.assert(
    fc.property(fc.array(moment), (times) => {
      const ids = times.map(idAt).sort();
      assertEquals(ids.map(turnIdTime), times.toSorted((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});

Deno.test("C3 ids of one process are distinct and in the order of making, within a millisecond too and whatever the clock does", () => {
  let latest = START;
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          step: fc.integer({ min: -1000, max: 1000 }),
          count: fc.integer({ min: 1, max: 200 }),
        }),
        { maxLength: 20 },
      ),
      (ticks) => {
        const ids: string[] = [];
        for (const { step, count } of ticks) {
          const now = latest + step;
          for (let made = 0; made < count; made++) ids.push(newTurnId(now));
          // Never earlier than asked for, and no later than the latest moment so far
          // unless a millisecond was used up.
          assert(turnIdTime(ids.at(-1)!) >= now);
          latest = Math.max(latest, turnIdTime(ids.at(-1)!));
        }
        assert(ids.every(isTurnId));
        assertEquals(new Set(ids).size, ids.length);
        assertEquals(ids, ids.toSorted());
      },
    ),
    { numRuns: 200 },
  );
});

/** A UUIDv7 in lower case as RFC 9562 draws it, read field by field. */
function isUuidV7(candidate: string): boolean {
  if (candidate.length !== 36) return false;
  return Array.from(candidate).every((character, at) => {
    if ([8, 13, 18, 23].includes(at)) return character === "-";
    if (at === 14) return character === "7";
    if (at === 19) return "89ab".includes(character);
    return "0123456789abcdef".includes(character);
  });
}

/** An id with a little damage: something put in, taken out or in place of something. */
const damaged = fc.tuple(
  moment.map(idAt),
  fc.nat(36),
  fc.nat(3),
  fc.oneof(
    text,
    fc.constantFrom("", "\n", "/", "A", "g", "７", "-", ".."),
  ),
).map(([id, at, removed, put]) =>
  id.slice(0, at) + put + id.slice(at + removed)
);

Deno.test("nothing but a UUIDv7 in lower case is an id", () => {
  fc.assert(
    fc.property(fc.oneof(text, damaged), (candidate) => {
      assertEquals(isTurnId(candidate), isUuidV7(candidate));
    }),
    { numRuns: 1000 },
  );
});
