import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { turnsDir } from "../../assets/lib/system/paths.ts";
import { findTurn } from "../../assets/lib/turns/find.ts";
import { isTurnId } from "../../assets/lib/turns/turn_id.ts";
import { text } from "../arbitrary.ts";
import { idAt, withHome } from "./state_home.ts";

/** Ids that share long beginnings: close in time, as turns of one day are. */
const IDS = [0, 1, 2, 15, 16, 255, 4096, 1 << 20, 1 << 24, 1 << 28].map((
  step,
) => idAt(Date.UTC(2026, 0, 1) + step));

const withTurns = (test: () => void) =>
  withHome(() => {
    for (const id of IDS) Deno.mkdirSync(`${turnsDir()}/${id}`);
    test();
  });

const place = fc.integer({ min: 3, max: 35 });

Deno.test(
  "a beginning or an end names the one turn that has it, or all that do",
  withTurns(() => {
    const part = fc.tuple(fc.constantFrom(...IDS), place, fc.boolean()).map(
      ([id, length, fromStart]) =>
        fromStart ? id.slice(0, length) : id.slice(-length),
    ).filter((part) => !part.startsWith("-"));
    fc.assert(
      fc.property(part, (part) => {
        const named = IDS.filter((id) =>
          id.startsWith(part) || id.endsWith(part)
        );
        const found = findTurn(part, "/work");
        if (named.length === 1) {
          assertEquals(found, { kind: "one", turnId: named[0]! });
        } else {
          assert(found.kind === "many");
          assertEquals(found.turnIds.toSorted(), named.toSorted());
        }
      }),
      { numRuns: 300 },
    );
  }),
);

Deno.test(
  "any text names one of the turns, several, none, or is malformed; no other path is touched",
  withTurns(() => {
    fc.assert(
      fc.property(
        fc.oneof(text, place.map((n) => "f".repeat(n))),
        (reference) => {
          const found = findTurn(reference, "/work");
          if (found.kind === "one") assert(IDS.includes(found.turnId));
          if (found.kind === "many") assert(found.turnIds.every(isTurnId));
          if (/[^A-Za-z0-9._-]/.test(reference)) {
            assertEquals(found.kind, "malformed");
          }
        },
      ),
      { numRuns: 300 },
    );
  }),
);
