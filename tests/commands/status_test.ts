import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { openLab, until } from "../lab.ts";
import { linesOnTerminal } from "../terminal.ts";
import { killWorker } from "../worker/killed.ts";
import { ASK, startAsking } from "./asking.ts";

const NO_TURN = "01a1fe8e-d5c8-77c3-a907-824799b88933";

Deno.test("Row A11: status tells running, complete, failed, cancelled, abandoned, corrupt and missing", async (t) => {
  await using lab = await openLab({
    provider: "stream_max_retries = 0\nrequest_max_retries = 0",
  });
  const state = async (turnId: string) =>
    (await lab.json("status", turnId)).state;
  await t.step("running", async () => {
    const turnId = await lab.start("play hang", "--label", "slow");
    await until(() => lab.server.openStreams > 0, "the turn to run");
    const status = await lab.json("status", turnId);
    assertEquals(status.state, "running");
    assertEquals(status.schema_version, 1);
    assertEquals(status.label, "slow");
    assertMatch(status.phase, /^(starting|thinking|writing)$/);
    assert(status.seconds_since_event >= 0);
  });
  await t.step("cancelled", async () => {
    const cancelled = await lab.json("cancel", "slow", "--json");
    assertEquals(cancelled.state, "cancelled");
    assertEquals(await state(cancelled.turn_id), "cancelled");
    assertEquals(lab.result(cancelled.turn_id).status, "cancelled");
    assert(Deno.statSync(lab.turn(cancelled.turn_id).error).isFile);
    await until(() => lab.server.openStreams === 0, "the stream to close");
  });
  await t.step("complete", async () => {
    const turnId = await lab.run("hello", "--label", "one.first");
    const status = await lab.json("status", turnId);
    assertEquals(status.state, "complete");
    assertEquals(status.prompt, "hello");
    assert(status.duration_s > 0 && Date.parse(status.ended_at) > 0);
    assert(status.thread_id && status.usage.output_tokens > 0);
    assertEquals(status.cwd, lab.repo);
  });
  await t.step(
    "a turn is named by its id, a unique part of it, its label, or nothing for the newest here",
    async () => {
      const { turn_id } = await lab.json("status", "one.first");
      const parts = [turn_id, turn_id.slice(-12), turn_id.slice(0, 23)];
      for (const name of [...parts.map((part) => [part]), []]) {
        assertEquals((await lab.json("status", ...name)).turn_id, turn_id);
      }
      const ambiguous = await lab.chat(["status", turn_id.slice(0, 4)]);
      assertEquals(ambiguous.code, 2);
      assertMatch(ambiguous.stderr, /names 2 turns/);
      const elsewhere = await lab.chat(["status"], { cwd: lab.home.home });
      assertEquals(elsewhere.code, 6);
    },
  );
  await t.step("failed", async () => {
    const status = await lab.json("status", await lab.run("play status400"));
    assertEquals(status.state, "failed");
    assertMatch(status.error.message, /400/);
    assertEquals(status.error.code, "rejected");
  });
  await t.step("abandoned", async () => {
    const turnId = await lab.start("play hang");
    await killWorker(lab, turnId);
    await until(async () => await state(turnId) === "abandoned", "the death");
  });
  await t.step("corrupt", async () => {
    const turnId = await lab.run("hello");
    Deno.removeSync(lab.turn(turnId).done);
    Deno.writeTextFileSync(lab.turn(turnId).events, "");
    Deno.writeTextFileSync(lab.turn(turnId).meta, "{");
    const status = await lab.json("status", turnId);
    assertEquals(status.state, "corrupt");
    assertMatch(status.reason, /not JSON/);
    assertEquals((await lab.chat(["wait", turnId])).code, 1);
  });
  await t.step("missing", async () => {
    assertEquals(await state(NO_TURN), "missing");
    const turnId = await lab.run("hello");
    Deno.removeSync(lab.turn(turnId).dir, { recursive: true });
    assertEquals(await state(turnId), "missing");
  });
});

Deno.test("newcomer C1, C2: on a terminal status is sentences: the prompt, how it stands, and what to type", async () => {
  await using lab = await openLab();
  const seen = (turnId: string) => linesOnTerminal(lab, "status", turnId);
  const launcher = "~/.codex-server/bin/codex-server";
  const over = await lab.run(
    "hello, what is this and why is it here, in this house of all places?",
    ...["--label", "greeting"],
  );
  const id = over.slice(-8);
  const { thread_id } = lab.result(over);
  const [name, stands, place, thread, next, ...rest] = await seen(over);
  assertEquals(
    name,
    `turn ${id} (greeting) "hello, what is this and why is it here, in this hous…"`,
  );
  assertMatch(
    stands!,
    /^complete after [\d.]+ (s|min \d+ s), \d+ (s|min) ago; [\d,]+ tokens$/,
  );
  assertEquals([place, thread], ["in ~/repo", `thread ${thread_id}`]);
  assertEquals([next, ...rest], [`answer: ${launcher} result ${id}`, ""]);

  const touch = "play command cmd=touch%20x.txt escalate=1";
  const asks = await startAsking(lab, touch, [...ASK, "--write"]);
  const [, now, , , asked] = await seen(asks);
  assertMatch(
    now!,
    /^running for \d+ .*, awaiting approval \(last sign of life/,
  );
  const short = asks.slice(-8);
  assertMatch(asked!, /^asks r1 command .*touch x.txt/);
  assertStringIncludes(
    asked!,
    `${launcher} approve ${short} r1, or decline ${short} r1`,
  );
  const [missing] = await seen(NO_TURN);
  assertMatch(missing!, /^There is no such turn 01a1fe8e-.* list-turns$/);
});

Deno.test("a turn over max_concurrent is queued and runs when a slot is free", async () => {
  await using lab = await openLab({ maxConcurrent: 1 });
  const first = await lab.start("play hang");
  await until(() => lab.server.openStreams > 0, "the first turn to run");
  const second = await lab.start("second");
  await until(
    async () => (await lab.json("status", second)).phase === "queued",
    "the second turn to queue",
  );
  assertEquals(lab.server.turns().length, 1);
  await lab.chat(["cancel", first]);
  assertEquals((await lab.chat(["wait", second])).code, 0);
  assert(lab.result(second).metrics.queued_ms > 0);
});
