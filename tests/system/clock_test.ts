import { assert, assertEquals } from "@std/assert";
import {
  Deadline,
  limitMs,
  sleep,
  startTimer,
} from "../../assets/lib/system/clock.ts";

/** The longest time that a timer of the runtime keeps, in ms. */
const LONGEST = 2 ** 31 - 1;

/** The times that timers were started with while `run` ran; none of them fires. */
function timersOf(run: () => void): number[] {
  const real = globalThis.setTimeout;
  const asked: number[] = [];
  globalThis.setTimeout = ((_act: () => void, ms: number) => {
    asked.push(ms);
    return 0;
  }) as unknown as typeof setTimeout;
  try {
    run();
  } finally {
    globalThis.setTimeout = real;
  }
  return asked;
}

Deno.test("review A1: a timer longer than 32 bits of milliseconds is kept in parts, never at once", () => {
  for (const ms of [LONGEST + 1, 3_000_000_000, Number.MAX_SAFE_INTEGER]) {
    assertEquals(timersOf(() => startTimer(ms, () => {})), [LONGEST], `${ms}`);
    assertEquals(timersOf(() => void sleep(ms)), [LONGEST], `${ms}`);
  }
  const [short] = timersOf(() => startTimer(500, () => {}));
  assert(short! > 400 && short! <= 500, `${short}`);
  assertEquals(timersOf(() => startTimer(Infinity, () => {})), []);
});

Deno.test("a timer that was called off does not fire", async () => {
  let fired = 0;
  startTimer(1, () => fired++)();
  await sleep(20);
  assertEquals(fired, 0);
});

Deno.test("a sleep ends at its time, or at once when its signal fires or has fired", async () => {
  const abort = new AbortController();
  const asleep = sleep(Infinity, abort.signal);
  abort.abort();
  await asleep;
  await sleep(3_000_000_000, abort.signal);
  await sleep(1);
});

Deno.test("a deadline passes when its time has come, and one without a limit never", async () => {
  const soon = new Deadline(1);
  await sleep(5);
  assertEquals([soon.passed, soon.leftMs], [true, 0]);
  const never = new Deadline(limitMs(0));
  assertEquals([never.passed, never.leftMs], [false, Infinity]);
  const far = new Deadline(limitMs(1e9));
  assert(far.leftMs > LONGEST);
  assert(!far.passed);
});
