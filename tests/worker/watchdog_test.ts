import { assertEquals } from "@std/assert";
import { FakeTime } from "../fake_time.ts";
import type { PendingRequest } from "../../assets/lib/events/request.ts";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";
import type { StopReason } from "../../assets/lib/worker/stop.ts";
import type { Sign } from "../../assets/lib/codex/signs.ts";
import { type Deadlines, Watchdog } from "../../assets/lib/worker/watchdog.ts";

const TURN: StoredEvent = { type: "turn.started" };
const command = (on: string): StoredEvent => ({
  type: `item.${on}`,
  item: { id: "c", type: "command_execution", command: "sleep 60" },
});

const QUESTION: PendingRequest = {
  id: "r1",
  kind: "question",
  questions: [],
  expires_at: null,
};

/** A watchdog on a clock that the test moves, and the reason it gave. */
function watch(deadlines: Partial<Deadlines>) {
  const time = new FakeTime();
  const reasons: StopReason[] = [];
  const watchdog = new Watchdog(
    { timeoutMs: Infinity, idleMs: Infinity, ...deadlines },
    (reason) => reasons.push(reason),
  );
  return {
    pass: (ms: number) => time.pass(ms),
    jump: (ms: number) => time.jump(ms),
    note: (event: StoredEvent) => watchdog.note(event),
    sign: (sign: Sign) => watchdog.sign(sign),
    messages: () => reasons.map(({ message }) => message),
    codes: () => reasons.map(({ code }) => code),
    [Symbol.dispose]() {
      watchdog[Symbol.dispose]();
      time[Symbol.dispose]();
    },
  };
}

Deno.test("B29 bug 6: any message of codex is a sign of life, and a sub-agent that is waited for is work", () => {
  using turn = watch({ idleMs: 3000 });
  for (let i = 0; i < 5; i++) {
    turn.sign({ kind: "life" });
    turn.pass(2900);
  }
  turn.note({
    type: "item.started",
    item: { id: "w", type: "collab_agent_tool_call", tool: "wait" },
  });
  turn.pass(60_000);
  assertEquals(turn.codes(), []);
});

Deno.test("B31 review A3: a turn that waits for a person is not silent, also when the model of another thread goes on", () => {
  using turn = watch({ idleMs: 3000 });
  turn.note({ type: "request.opened", request: QUESTION });
  turn.sign({ kind: "answered" });
  turn.pass(600_000);
  assertEquals(turn.codes(), []);
  turn.note({
    type: "request.resolved",
    request_id: QUESTION.id,
    outcome: "answered",
  });
  turn.pass(3500);
  assertEquals(turn.codes(), ["stalled"]);
});

Deno.test("B28 bug 5: a server that is starting is waited for, and named where the turn's own time is over", () => {
  using turn = watch({ idleMs: 3000, timeoutMs: 70_000 });
  turn.sign({ kind: "server", name: "slow", starting: true });
  turn.pass(66_000);
  assertEquals(turn.codes(), []);
  turn.pass(5000);
  assertEquals(turn.messages(), [
    "The turn took longer than 70 s; the MCP server slow was still starting",
  ]);
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
