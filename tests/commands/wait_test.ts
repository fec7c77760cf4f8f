import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { openLab } from "../lab.ts";
import { outOf } from "../live_turns/turn_text.ts";
import { killWorker } from "../worker/killed.ts";

const ASKING = "play command cmd=touch%20x.txt escalate=1";
const cs = "~/.codex-server/bin/codex-server";

Deno.test("Row A9: wait blocks until the end and prints the final out.txt", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play text words=5 over=1000");
  // Longer than a timer of 32 bits of milliseconds keeps.
  const long = ["--timeout", "3000000"];
  const { code, stdout, stderr } = await lab.chat(["wait", turnId, ...long]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(stdout, outOf(lab, turnId));
  assertMatch(stdout, /^word-1 word-2 word-3 word-4 word-5\n\n?\[done\] /);
  assert(Deno.statSync(lab.turn(turnId).done).isFile);
});

Deno.test("newcomer C3: the reason of a failure is printed once, by whoever waits and whoever follows", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play status400");
  const waited = await lab.chat(["wait", turnId]);
  const out = outOf(lab, turnId);
  const verdict = `codex-server: turn ${turnId.slice(-8)} failed — `;
  assertEquals([waited.code, waited.stdout], [1, ""]);
  assertEquals(
    waited.stderr.slice(0, out.length + verdict.length),
    out + verdict,
  );
  const followed = await lab.chat(["tail", "--follow", turnId]);
  assertEquals([followed.code, followed.stdout], [1, out]);
  for (const shown of [waited.stderr, followed.stdout + followed.stderr]) {
    assertEquals(shown.split("loopback model says 400").length, 2, shown);
  }
  // Where out.txt was not shown, the reason is.
  const result = await lab.chat(["result", turnId]);
  assertMatch(
    result.stderr,
    /^codex-server: turn \w{8} failed: .*400.* — .*\n$/,
  );
});

Deno.test("Row A10: wait --timeout ends with exit 4 at the deadline and the turn runs on; 0 looks once", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play hang");
  const name = turnId.slice(-8);
  for (const [timeout, after] of [["0", ""], ["0.3s", " after 0.3 s"]]) {
    const waited = await lab.chat(["wait", turnId, "--timeout", timeout!]);
    assertEquals([waited.code, waited.stdout], [4, ""]);
    assertEquals(
      waited.stderr,
      `codex-server: Turn ${name} is still running${after} — wait again with: ${cs} wait ${name}, or follow it with: ${cs} tail -f ${name}\n`,
    );
  }
  const json = await lab.chat(["wait", turnId, "--timeout", "0", "--json"]);
  assertEquals([json.code, json.stderr], [4, ""]);
  assertEquals(JSON.parse(json.stdout).state, "running");
  await lab.chat(["cancel", turnId]);
});

Deno.test("newcomer C5: wait of several turns names what does that now, exit 2", async () => {
  await using lab = await openLab();
  const { code, stderr } = await lab.chat(["wait", "first", "second"]);
  assertEquals(code, 2);
  assertEquals(
    stderr,
    `codex-server: wait takes one turn, not 2 — wait for each in turn, or for all at once with: ${cs} watch first second\n`,
  );
});

Deno.test("wait --until-input returns with exit 8 as soon as codex asks, with the command that answers", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(ASKING, "--approvals", "ask");
  const waiting = ["wait", "--until-input", turnId];
  const { code, stdout, stderr } = await lab.chat(waiting);
  assertEquals([code, stderr], [8, ""]);
  const end = turnId.slice(-8);
  assertMatch(stdout, /^r1 command .*touch x\.txt.* — /);
  const answers = ` — ${cs} approve ${end} r1, or decline ${end} r1\n`;
  assertStringIncludes(stdout, answers);
  // Once more, as a document: what waits still waits.
  const again = await lab.chat([...waiting, "--json"]);
  assertEquals(again.code, 8);
  const told = JSON.parse(again.stdout);
  assertEquals([told.turn_id, told.state], [turnId, "running"]);
  assertEquals(told.pending.length, 1);
  const [{ id, kind, cwd, prefix, expires_at }] = told.pending;
  assertEquals([id, kind, cwd], ["r1", "command", lab.repo]);
  assertEquals(prefix, ["touch", "x.txt"]);
  const seconds = (Date.parse(expires_at) - Date.now()) / 1000;
  assert(seconds > 200 && seconds <= 300, `${seconds} s`);
  // A plain wait goes on meanwhile, and ends after the answer.
  assertEquals((await lab.chat(["wait", turnId, "--timeout", "0.3"])).code, 4);
  await lab.chat(["decline", turnId]);
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
});

Deno.test("wait --until-input on a turn that asks nothing is a plain wait", async () => {
  await using lab = await openLab();
  const waited = (turnId: string, ...flags: string[]) =>
    lab.chat(["wait", "--until-input", turnId, ...flags]);
  const { code, stdout } = await waited(await lab.start("hello"));
  assertEquals(code, 0);
  assertMatch(stdout, /You said: hello\n\n?\[done\]/);
  assertEquals((await waited(await lab.start("play status400"))).code, 1);
  const silent = await lab.start("play hang");
  assertEquals((await waited(silent, "--timeout", "0.3")).code, 4);
});

Deno.test("what a dead worker's turn once asked is no longer asked", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(ASKING, "--approvals", "ask");
  await lab.chat(["wait", "--until-input", turnId]);
  await killWorker(lab, turnId);
  const { code, stderr } = await lab.chat(["wait", "--until-input", turnId]);
  assertEquals(code, 1);
  assertMatch(stderr, /abandoned/);
  assertEquals((await lab.json("status", turnId)).pending, undefined);
  const approved = await lab.chat(["approve", turnId]);
  assertEquals(approved.code, 1);
  assertMatch(approved.stderr, /is abandoned/);
});
