/** The laws of precedence, each stated without the function that keeps them. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Evidence,
  isOver,
  START_GRACE_MS,
  turnState,
} from "../../assets/lib/turns/state.ts";

const age = fc.oneof(
  fc.integer({ min: -2 * START_GRACE_MS, max: 2 * START_GRACE_MS }),
  fc.integer(),
  fc.constantFrom(
    ...[START_GRACE_MS, START_GRACE_MS - 1, 0],
  ),
);

const evidence: fc.Arbitrary<Evidence> = fc.record({
  exists: fc.boolean(),
  done: fc.boolean(),
  error: fc.boolean(),
  cancelled: fc.boolean(),
  lock: fc.constantFrom("none", "free", "held"),
  coming: fc.boolean(),
  terminalEvent: fc.constantFrom(null, "completed", "failed"),
  metaSound: fc.boolean(),
  hasPid: fc.boolean(),
  ageMs: age,
});

/** Any evidence of a turn that exists, with these parts as they are. */
const having = (fixed: Partial<Evidence>): fc.Arbitrary<Evidence> =>
  evidence.map((found) => ({ ...found, exists: true, ...fixed }));

const UNMARKED = { done: false, error: false };
/** What is left when the worker is gone, or has never come. */
const UNHELD = { ...UNMARKED, lock: "free" } as const;

/** `law` holds for every evidence that `found` gives. */
function always(
  found: fc.Arbitrary<Evidence>,
  law: (state: string, found: Evidence) => boolean,
): void {
  fc.assert(
    fc.property(found, (found) => {
      assert(law(turnState(found), found), turnState(found));
    }),
    { numRuns: 1000 },
  );
}

Deno.test("what does not exist is missing, whatever else was found", () => {
  always(evidence, (state, { exists }) => (state === "missing") === !exists);
});

Deno.test("done wins over everything", () => {
  always(having({ done: true }), (state) => state === "complete");
});

Deno.test("an error marker alone is a failure, or a cancellation where the result says so", () => {
  always(
    having({ done: false, error: true }),
    (state, { cancelled }) => state === (cancelled ? "cancelled" : "failed"),
  );
  always(
    evidence,
    (state, { error, done, cancelled }) =>
      state !== "cancelled" || (error && !done && cancelled),
  );
});

Deno.test("a held lock without a marker is always running", () => {
  always(
    having({ ...UNMARKED, lock: "held" }),
    (state) => state === "running",
  );
});

Deno.test("a free lock is never running, nor is a signature without a lock", () => {
  always(having({ lock: "free" }), (state) => state !== "running");
  always(
    having({ lock: "none", hasPid: true }),
    (state) => state !== "running",
  );
});

Deno.test("without a lock or a worker on its way nothing runs past the grace, however the clock was set", () => {
  always(
    having({ lock: "none", coming: false }),
    (state, { ageMs }) =>
      state !== "running" || Math.abs(ageMs) < START_GRACE_MS,
  );
});

Deno.test("F24 a turn whose worker is on its way is running, however long that takes", () => {
  const onItsWay = having({
    ...UNMARKED,
    lock: "none",
    coming: true,
    terminalEvent: null,
    metaSound: true,
    hasPid: false,
  });
  always(onItsWay, (state) => state === "running");
});

Deno.test("a turn whose worker has not come yet is running", () => {
  const young = fc.integer({
    min: 1 - START_GRACE_MS,
    max: START_GRACE_MS - 1,
  });
  const starting = young.chain((ageMs) =>
    having({
      ...UNMARKED,
      ageMs,
      lock: "none",
      terminalEvent: null,
      metaSound: true,
      hasPid: false,
    })
  );
  always(starting, (state) => state === "running");
});

Deno.test("a terminal event whose marker never came tells the end", () => {
  always(
    having({ ...UNHELD, terminalEvent: "completed" }),
    (state) => state === "complete",
  );
  always(
    having({ ...UNHELD, terminalEvent: "failed" }),
    (state) => state === "failed",
  );
});

Deno.test("corrupt is said only where nothing else is known", () => {
  always(
    evidence,
    (state, found) =>
      state !== "corrupt" ||
      (!found.metaSound && !found.done && !found.error &&
        found.lock !== "held" &&
        found.terminalEvent === null),
  );
});

Deno.test("time only ends a turn: what is over stays over when nothing but time goes by", () => {
  const later = fc.tuple(having({}), fc.nat(), fc.nat());
  fc.assert(
    fc.property(later, ([found, first, more]) => {
      const at = (ms: number): Evidence => ({
        ...found,
        ageMs: Math.abs(found.ageMs) + ms,
      });
      const [before, after] = [
        turnState(at(first)),
        turnState(at(first + more)),
      ];
      if (isOver(before)) assertEquals(after, before);
    }),
    { numRuns: 1000 },
  );
});
