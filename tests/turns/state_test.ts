import { assertEquals } from "@std/assert";
import {
  type Evidence,
  isOver,
  START_GRACE_MS,
  type TurnState,
  turnState,
} from "../../assets/lib/turns/state.ts";

const BOTH = [false, true];

/** Every combination of evidence. */
function* allEvidence(): Generator<Evidence> {
  for (const exists of BOTH) {
    for (const done of BOTH) {
      for (const error of BOTH) {
        for (const cancelled of BOTH) {
          for (const lock of ["none", "free", "held"] as const) {
            for (
              const terminalEvent of [null, "completed", "failed"] as const
            ) {
              for (const metaSound of BOTH) {
                for (const hasPid of BOTH) {
                  for (const ageMs of [0, START_GRACE_MS, -START_GRACE_MS]) {
                    for (const coming of BOTH) {
                      yield {
                        ...{ exists, done, error, cancelled, lock, coming },
                        ...{ terminalEvent, metaSound, hasPid, ageMs },
                      };
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}

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
  let count = 0;
  for (const evidence of allEvidence()) {
    const state = turnState(evidence);
    assertEquals(state, expected(evidence), JSON.stringify(evidence));
    assertEquals(isOver(state), state !== "running");
    count++;
  }
  assertEquals(count, 2 ** 7 * 3 * 3 * 3);
});

Deno.test("a turn without a held lock and with a signature is never running", () => {
  for (const evidence of allEvidence()) {
    if (evidence.lock === "held" || !evidence.hasPid) continue;
    assertEquals(turnState(evidence) === "running", false);
  }
});
