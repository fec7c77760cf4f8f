import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { type Lab, openLab, processesOf, until } from "../lab.ts";
import { message, response } from "../loopback/sse.ts";
import { workerOf } from "../worker/killed.ts";
import { chatIn, runIn, turnWithoutWorker, workerCommand } from "./under.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const CLOCK = [
  "--preload",
  fromFileUrl(new URL("./set_clock.ts", import.meta.url)),
];

/** Sets the clock of whatever was started with CLOCK in this lab. */
const setClock = (lab: Lab, ms: number) =>
  Deno.writeTextFileSync(join(lab.home.home, "clock-offset"), String(ms));

/** Turns that speak for a second, are silent for ever, or wait for a command. */
const SPEAKS = "play text words=20 over=1500";
const HANGS = "play hang words=3";

for (const days of [1, -1]) {
  const way = days > 0 ? "forward" : "back";
  Deno.test(`C1 a clock that is set a day ${way} while a turn runs neither ends nor lengthens it`, async () => {
    await using lab = await openLab();
    // Long enough for a slow machine to reach the model before any of them is over.
    const flags = { timeout_s: 300, idle_timeout_s: 200 };
    const speaking = turnWithoutWorker(lab, SPEAKS, flags);
    const late = turnWithoutWorker(lab, HANGS, { timeout_s: 45 });
    const silent = turnWithoutWorker(lab, HANGS, { idle_timeout_s: 30 });
    const ids = [speaking, late, silent];
    const started = performance.now();
    const workers = ids.map((id) => runIn(lab, workerCommand(lab, id, CLOCK)));
    await until(() => lab.server.turns().length === 3, "the turns to run");
    setClock(lab, days * DAY_MS);
    await Promise.all(workers);
    const elapsed = performance.now() - started;
    const [spoken, over, stalled] = ids.map((id) => lab.result(id));
    assertEquals(spoken.status, "complete", JSON.stringify(spoken.error));
    assertEquals(over.error.code, "timed_out");
    assertEquals(stalled.error.code, "stalled");
    // META of these turns says that they began long ago; what they took since is told.
    const began = Date.parse("2026-01-01T00:00:00.000Z");
    for (const { metrics } of [spoken, over, stalled]) {
      const error = began + metrics.latency_ms - Date.now();
      assert(Math.abs(error) < elapsed + 1000, `it is off by ${error} ms`);
    }
    const { first_text_ms, latency_ms } = spoken.metrics;
    assert(first_text_ms <= latency_ms && latency_ms - first_text_ms < elapsed);
  });
}

Deno.test("C1 gc takes no unfinished turn, and nobody calls it dead, whatever their clock says", async () => {
  await using lab = await openLab();
  const done = await lab.run("hello");
  const running = await lab.start(HANGS);
  await until(() => lab.server.openStreams > 0, "the turn to run");
  for (const days of [-9, -1, 1, 9]) {
    setClock(lab, days * DAY_MS);
    const at = (...args: string[]) => chatIn(lab, args, { deno: CLOCK });
    const [listed, waited, swept] = await Promise.all([
      at("list-turns", "--limit", "1"),
      at("wait", running, "--timeout", "0.2"),
      at("gc", "--json"),
    ]);
    const told = `a clock that is ${days} days off`;
    assertEquals(JSON.parse(listed.stdout).turns[0].state, "running", told);
    assertEquals(waited.code, 4, told);
    const { removed } = JSON.parse(swept.stdout);
    assertEquals(removed, days > 7 ? [done] : [], told);
  }
  assertEquals(lab.turnIds(), [running]);
});

Deno.test("C2 a machine that slept longer than the silence that is allowed is no stall", async () => {
  let wake = () => {};
  const awake = new Promise<void>((resolve) => wake = resolve);
  await using lab = await openLab({
    play: (request) =>
      response(
        request,
        (async function* () {
          for await (const step of message(["before ", "after"])) {
            const says = step.step === "send" ? step.event.delta : null;
            if (says === "after") await awake;
            yield step;
          }
        })(),
      ),
  });
  const flags = ["--idle-timeout", "15", "--max-time", "18"];
  const turnId = await lab.start("sleep", ...flags);
  const out = () => Deno.readTextFileSync(lab.turn(turnId).out);
  await until(() => out().includes("before"), "the first word");
  const asleep = processesOf(lab.home.home).map(({ pid }) => pid);
  assert(asleep.includes(await workerOf(lab, turnId)));
  assert(asleep.length >= 2, "codex sleeps too");
  const signal = (name: Deno.Signal) =>
    asleep.forEach((pid) => Deno.kill(pid, name));
  signal("SIGSTOP");
  try {
    await new Promise((resolve) => setTimeout(resolve, 18_200));
    assertEquals((await lab.json("status", turnId)).state, "running");
  } finally {
    signal("SIGCONT");
  }
  // Several looks of the watchdog later; silence counts from the awakening.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  wake();
  const { code, stdout, stderr } = await lab.chat(["wait", turnId]);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "before after");
});
