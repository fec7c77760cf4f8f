import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Answer, UnfitAnswer } from "../../assets/lib/codex/approvals.ts";
import { RequestDesk } from "../../assets/lib/codex/request_desk.ts";
import type { ServerRequest } from "../../assets/lib/codex/rpc.ts";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";
import { wirePair } from "../engines/wire_pair.ts";
import { until } from "../lab.ts";

const ACCEPT: Answer = { kind: "accept", scope: "once", grant: null };
const DECLINE: Answer = { kind: "decline" };

const command = (id: number | string): ServerRequest => ({
  id,
  method: "item/commandExecution/requestApproval",
  params: { threadId: "t", turnId: "u", itemId: "i", command: "make" },
});

/** A desk, what it told and what went over the wire. */
function openDesk({ ask = true, timeoutMs = 60_000 } = {}) {
  const told: StoredEvent[] = [];
  const pair = wirePair();
  const desk = new RequestDesk(
    { ask, timeoutMs },
    (event) => told.push(event),
  );
  const take = (...requests: ServerRequest[]) =>
    requests.forEach((request) => desk.take(request, {}, pair.rpc));
  const outcomes = () =>
    told.filter(({ type }) => type === "request.resolved").map((event) => {
      const { request_id, outcome } = event as {
        request_id: string;
        outcome: string;
      };
      return [request_id, outcome];
    });
  return {
    desk,
    pair,
    told,
    take,
    outcomes,
    [Symbol.dispose]: () => desk.close(),
  };
}

Deno.test("Row B8: an answer goes back under the id that the request came with", () => {
  using office = openDesk();
  office.take(command(7), command("seven"));
  assertEquals(office.desk.answer("r2", DECLINE).id, "r2");
  assertEquals(office.desk.answer("r1", ACCEPT).id, "r1");
  assertEquals(office.pair.sent, [
    { id: "seven", result: { decision: "decline" } },
    { id: 7, result: { decision: "accept" } },
  ]);
  assertEquals(office.outcomes(), [["r2", "declined"], ["r1", "approved"]]);
});

Deno.test("a request that waits is told with the time at which it is declined", () => {
  const before = Date.now();
  using office = openDesk({ timeoutMs: 5000 });
  office.take(command(1));
  const { type, request } = office.told[0] as {
    type: string;
    request: { id: string; kind: string; expires_at: string };
  };
  assertEquals([type, request.id, request.kind], [
    "request.opened",
    "r1",
    "command",
  ]);
  const left = Date.parse(request.expires_at) - before;
  assert(left >= 5000 && left < 6000, request.expires_at);
});

Deno.test("the first answer wins", () => {
  using office = openDesk();
  office.take(command(1));
  office.desk.answer("r1", ACCEPT);
  assertThrows(() => office.desk.answer("r1", DECLINE), Error, "r1");
  assertEquals(office.pair.sent.length, 1);
});

Deno.test("review S2: only a request that is named is answered", () => {
  using office = openDesk();
  office.take(command(1));
  for (const id of ["", "r9"]) {
    assertThrows(() => office.desk.answer(id, ACCEPT), Error, "No request");
  }
  assertEquals(office.pair.sent, []);
});

Deno.test("an answer that does not fit leaves the request waiting", () => {
  using office = openDesk();
  office.take(command(1));
  assertThrows(
    () => office.desk.answer("r1", { kind: "answers", answers: {} }),
    UnfitAnswer,
  );
  assertEquals(office.outcomes(), []);
  assertEquals(office.desk.answer("r1", ACCEPT).id, "r1");
});

Deno.test("Row D12: what nobody answers in time is declined", async () => {
  using office = openDesk({ timeoutMs: 30 });
  office.take(command(4));
  await until(() => office.pair.sent.length === 1, "the answer");
  assertEquals(office.pair.sent, [{ id: 4, result: { decision: "decline" } }]);
  assertEquals(office.outcomes(), [[
    "r1",
    "declined: nobody answered in time",
  ]]);
  assertThrows(() => office.desk.answer("r1", ACCEPT), Error, "No request r1");
});

Deno.test("Row D14: what was resolved elsewhere waits no more, and is not answered again", () => {
  using office = openDesk();
  office.take(command("a"), command("b"));
  office.desk.resolvedElsewhere("a");
  office.desk.resolvedElsewhere("unknown");
  assertEquals(office.outcomes(), [["r1", "resolved elsewhere"]]);
  assertEquals(office.desk.answer("r2", ACCEPT).id, "r2");
  // The server tells this of our own answers too.
  office.desk.resolvedElsewhere("b");
  assertEquals(office.outcomes().length, 2);
  assertEquals(office.pair.sent, [{ id: "b", result: { decision: "accept" } }]);
});

Deno.test("Row E10: without anybody to ask everything is declined at once, and nobody is told", () => {
  using office = openDesk({ ask: false });
  office.take(command(1), command(2));
  assertEquals(office.pair.sent, [
    { id: 1, result: { decision: "decline" } },
    { id: 2, result: { decision: "decline" } },
  ]);
  assertEquals(office.told, []);
});

Deno.test("a desk that has closed declines nothing any more", () => {
  using office = openDesk({ timeoutMs: 20 });
  office.take(command(1));
  office.desk.close();
  assertThrows(() => office.desk.answer("r1", ACCEPT), Error);
  assertEquals(office.pair.sent, []);
});
