import { assertEquals } from "@std/assert";
import { FakeTime } from "../fake_time.ts";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";
import type { StopReason } from "../../assets/lib/worker/stop.ts";
import {
  type Deadlines,
  FIRST_EVENT_MS,
  Watchdog,
} from "../../assets/lib/worker/watchdog.ts";

const TURN: StoredEvent = { type: "turn.started" };
const command = (on: string): StoredEvent => ({
  type: `item.${on}`,
  item: { id: "c", type: "command_execution", command: "sleep 60" },
});

/** A watchdog on a clock that the test moves, and the reason it gave. */
function watch(deadlines: Partial<Deadlines>) {
  const time = new FakeTime();
  const reasons: StopReason[] = [];
  const watchdog = new Watchdog(
    { timeoutMs: 0, idleMs: 0, ...deadlines },
    (reason) => reasons.push(reason),
  );
  return {
    pass: (ms: number) => time.pass(ms),
    jump: (ms: number) => time.jump(ms),
    note: (event: StoredEvent) => watchdog.note(event),
    codes: () => reasons.map(({ code }) => code),
    [Symbol.dispose]() {
      watchdog[Symbol.dispose]();
      time[Symbol.dispose]();
    },
  };
}

Deno.test("a turn over its deadline is timed out, once", () => {
  using turn = watch({ timeoutMs: 5000 });
  turn.note(TURN);
  turn.pass(4900);
  assertEquals(turn.codes(), []);
  turn.pass(400);
  turn.pass(60_000);
  assertEquals(turn.codes(), ["timed_out"]);
});

Deno.test("B6 a codex without a first event is stalled, also where silence may last for ever", () => {
  using turn = watch({});
  turn.pass(FIRST_EVENT_MS - 500);
  assertEquals(turn.codes(), []);
  turn.pass(1000);
  assertEquals(turn.codes(), ["stalled"]);
});

Deno.test("B7 silence is a stall, every event begins it anew, and a running command excuses it", () => {
  using turn = watch({ idleMs: 3000 });
  for (const event of [TURN, { type: "future" }, command("started")]) {
    turn.note(event);
    turn.pass(2900);
  }
  turn.pass(60_000);
  assertEquals(turn.codes(), []);
  turn.note(command("completed"));
  turn.pass(3500);
  assertEquals(turn.codes(), ["stalled"]);
});

Deno.test("without deadlines a turn may be silent for ever", () => {
  using turn = watch({});
  turn.note(TURN);
  turn.pass(24 * 60 * 60 * 1000);
  assertEquals(turn.codes(), []);
});

Deno.test("C2 a watchdog whose look comes an hour late begins to count anew", () => {
  using turn = watch({ idleMs: 20_000, timeoutMs: 60_000 });
  turn.note(TURN);
  turn.pass(1000);
  turn.jump(3_600_000);
  turn.pass(10_000);
  assertEquals(turn.codes(), []);
  turn.pass(12_000);
  assertEquals(turn.codes(), ["stalled"]);
});
