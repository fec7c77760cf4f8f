import { assert, assertEquals, assertMatch } from "@std/assert";
import { isAlive, openLab, until } from "../lab.ts";
import { outOf } from "../live_turns/turn_text.ts";
import { workerOf } from "../worker/killed.ts";

const ASKING = "play command cmd=touch%20x.txt escalate=1";

Deno.test("wait --until-input returns 0 as soon as codex asks, with the command that answers", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(ASKING, "--approvals", "ask");
  const { code, stdout, stderr } = await lab.chat([
    ...["wait", "--until-input", turnId],
  ]);
  assertEquals(code, 0);
  assertEquals(stderr, "");
  const end = turnId.slice(-8);
  assertMatch(
    stdout,
    new RegExp(
      `^r1 command .*touch x\\.txt.* — ~/\\.codex-server/bin/codex-server approve ${end} r1, or decline ${end} r1\n$`,
    ),
  );
  // Once more: what waits still waits.
  assertEquals((await lab.chat(["wait", "--until-input", turnId])).code, 0);
});

Deno.test("a waiter sees the request within a second of its coming", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(ASKING, "--approvals", "ask");
  const waiting = lab.chat(["wait", "--until-input", turnId]);
  await until(
    () => outOf(lab, turnId).includes("[approval] r1"),
    "the request",
  );
  const askedAt = performance.now();
  assertEquals((await waiting).code, 0);
  const elapsed = performance.now() - askedAt;
  assert(elapsed < 1000, `it was told after ${Math.round(elapsed)} ms`);
});

Deno.test("wait --until-input --json is one document with what waits", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(ASKING, "--approvals", "ask");
  const told = await lab.json("wait", "--until-input", turnId, "--json");
  assertEquals(told.turn_id, turnId);
  assertEquals(told.state, "running");
  assertEquals(told.pending.length, 1);
  const [{ id, kind, cwd, prefix, expires_at }] = told.pending;
  assertEquals([id, kind, cwd], ["r1", "command", lab.repo]);
  assertEquals(prefix, ["touch", "x.txt"]);
  const seconds = (Date.parse(expires_at) - Date.now()) / 1000;
  assertEquals(seconds > 250 && seconds <= 300, true, `${seconds} s`);
});

Deno.test("wait --until-input on a turn that asks nothing is a plain wait", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("hello", "--approvals", "ask");
  const { code, stdout } = await lab.chat(["wait", "--until-input", turnId]);
  assertEquals(code, 0);
  assertMatch(stdout, /You said: hello\n\[done\]/);
  const failing = await lab.start("play status400", "--approvals", "ask");
  assertEquals(
    (await lab.chat(["wait", "--until-input", failing])).code,
    1,
  );
});

Deno.test("wait --until-input gives up at its timeout with exit 4", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play hang", "--approvals", "ask");
  const { code } = await lab.chat([
    ...["wait", "--until-input", turnId, "--timeout", "0.3"],
  ]);
  assertEquals(code, 4);
});

Deno.test("a plain wait goes on while codex asks, and ends after the answer", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(ASKING, "--approvals", "ask");
  await lab.chat(["wait", "--until-input", turnId]);
  const waited = await lab.chat(["wait", turnId, "--timeout", "0.3"]);
  assertEquals(waited.code, 4);
  await lab.chat(["decline", turnId]);
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
});

Deno.test("what a dead worker's turn once asked is no longer asked", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(ASKING, "--approvals", "ask");
  await lab.chat(["wait", "--until-input", turnId]);
  const worker = await workerOf(lab, turnId);
  Deno.kill(worker, "SIGKILL");
  await until(() => !isAlive(worker), "the worker to die");
  const { code, stderr } = await lab.chat(["wait", "--until-input", turnId]);
  assertEquals(code, 1);
  assertMatch(stderr, /abandoned/);
  const status = await lab.json("status", turnId);
  assertEquals(status.pending, undefined);
  const approved = await lab.chat(["approve", turnId]);
  assertEquals(approved.code, 1);
  assertMatch(approved.stderr, /is abandoned/);
});
