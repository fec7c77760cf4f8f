import { assertEquals } from "@std/assert";
import {
  type Evidence,
  isOver,
  START_GRACE_MS,
  type TurnState,
  turnState,
} from "../../assets/lib/turns/state.ts";

const BOTH = [false, true];

/** Every value of each piece of evidence; of the age what lies at and around the grace. */
const VALUES: { [Name in keyof Evidence]: Evidence[Name][] } = {
  exists: BOTH,
  done: BOTH,
  error: BOTH,
  cancelled: BOTH,
  lock: ["none", "free", "held"],
  coming: BOTH,
  terminalEvent: [null, "completed", "failed"],
  metaSound: BOTH,
  hasPid: BOTH,
  ageMs: [0, START_GRACE_MS - 1, START_GRACE_MS, 9 * START_GRACE_MS]
    .flatMap((ageMs) => [ageMs, -ageMs]),
};

/** Every combination of evidence. */
const allEvidence = Object.entries(VALUES).reduce(
  (all, [name, values]) =>
    all.flatMap((some) => values.map((value) => ({ ...some, [name]: value }))),
  [{}],
) as Evidence[];

/** The state as DESIGN.md words it, case by case. */
function expected(e: Evidence): TurnState {
  if (!e.exists) return "missing";
  if (e.done) return "complete";
  if (e.error) return e.cancelled ? "cancelled" : "failed";
  if (e.lock === "held") return "running";
  if (e.terminalEvent) {
    return e.terminalEvent === "completed" ? "complete" : "failed";
  }
  if (!e.metaSound) return "corrupt";
  const mayCome = e.coming || Math.abs(e.ageMs) < START_GRACE_MS;
  if (!e.hasPid && e.lock === "none" && mayCome) return "running";
  return "abandoned";
}

Deno.test("every combination of evidence has the state that the design gives it", () => {
  assertEquals(allEvidence.length, 2 ** 7 * 3 * 3 * 8);
  for (const evidence of allEvidence) {
    const state = turnState(evidence);
    assertEquals(state, expected(evidence), JSON.stringify(evidence));
    assertEquals(isOver(state), state !== "running");
  }
});
