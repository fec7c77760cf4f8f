import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { type Lab, openLab, processesOf, until } from "../lab.ts";
import { pinFake } from "./fake_codex.ts";

/** Runs a turn on a fake codex and returns how it ended; no process may be left then. */
async function runFake(lab: Lab, body: string, prompt = "hi") {
  pinFake(lab, body);
  const turnId = await lab.run(prompt);
  const { events, done, out, log } = lab.turn(turnId);
  const result = lab.result(turnId);
  const changed = (path: string) => Deno.statSync(path).mtime!.getTime();
  await until(
    () => processesOf(lab.home.home).length === 0,
    "every process of the turn to end",
    6000,
  ).catch((error) => {
    throw new Error(`${error}: ${commands(lab)}`);
  });
  return {
    result,
    out: Deno.readTextFileSync(out),
    events: Deno.readTextFileSync(events),
    log: Deno.readTextFileSync(log),
    /** From the last event to the marker. */
    markedAfterMs: result.status === "complete"
      ? changed(done) - changed(events)
      : NaN,
  };
}

const commands = (lab: Lab): string =>
  processesOf(lab.home.home).map(({ command }) => command).join(", ");

Deno.test("Row D30: codex's stdin is closed after the prompt", async () => {
  await using lab = await openLab();
  const body = 'begin; prompt=$(cat); say "got $prompt"; complete';
  const { result } = await runFake(lab, body);
  assertEquals(result.text, "got hi");
});

Deno.test("Row D31: events of a newer codex pass through and disturb nothing", async () => {
  await using lab = await openLab();
  const { result, events, out } = await runFake(
    lab,
    `begin; cat > /dev/null
event '{"type":"future.thing","deep":{"x":[1]}}'
event '{"type":"item.completed","item":{"id":"i9","type":"hologram","beam":1}}'
say fine; complete`,
  );
  assertEquals(result.status, "complete");
  assertEquals(result.text, "fine");
  assertStringIncludes(events, '{"type":"future.thing","deep":{"x":[1]}}');
  assertStringIncludes(events, "hologram");
  assertEquals(out, "fine\n[done] 3 tokens in (1 cached), 2 out\n");
});

Deno.test("lines that are no events go to the log and do not end the turn", async () => {
  await using lab = await openLab();
  const { result, events, log } = await runFake(
    lab,
    "begin; cat > /dev/null; echo 'WARN hello'; echo '{\"cut\": '; echo 7; echo; say ok; complete",
  );
  assertEquals(result.status, "complete");
  assertStringIncludes(log, "WARN hello");
  assert(!events.includes("WARN"));
});

Deno.test("Row D26: a codex that exits 0 without saying how the turn did is a failed turn", async (t) => {
  await using lab = await openLab();
  const cases: [name: string, body: string, says: RegExp][] = [
    ["without a word", "cat > /dev/null", /without saying/],
    ["in the middle", "begin; cat > /dev/null; say half", /without saying/],
    ["with exit 9", "cat >/dev/null; echo broken >&2; exit 9", /broken/],
    ["killed", "begin; cat >/dev/null; kill -9 $$", /signal|SIGKILL|killed/i],
  ];
  for (const [name, body, says] of cases) {
    await t.step(name, async () => {
      const { result } = await runFake(lab, body);
      assertEquals(result.status, "failed");
      assertMatch(result.error.message, says);
      assert(result.error.hint !== "");
    });
  }
});

/** Ways in which codex stays after the end of its turn. */
const LINGERING: [name: string, body: string][] = [
  ["sleeps", "sleep 102"],
  ["ignores signals", "trap '' INT TERM HUP; sleep 103; sleep 103"],
  ["leaves a grandchild that holds stdout", "sleep 5 & exit 0"],
  ["closes stdout and lives on", "exec >&-; sleep 105"],
];

for (const [name, body] of LINGERING) {
  Deno.test(`the marker comes within two seconds of turn.completed although codex ${name}`, async () => {
    await using lab = await openLab();
    const { result, markedAfterMs } = await runFake(
      lab,
      `begin; cat >/dev/null; say ok; complete; ${body}`,
    );
    assertEquals(result.status, "complete");
    assertEquals(result.text, "ok");
    assert(markedAfterMs < 2000, `it came after ${markedAfterMs} ms`);
  });
}

Deno.test("a codex that exits before it has read a long prompt fails the turn, not the worker", async () => {
  await using lab = await openLab();
  pinFake(lab, "echo no thanks >&2; exit 1");
  const started = await lab.chat(["new", "-"], {
    stdin: "x".repeat(1_000_000),
  });
  const { turn_id } = JSON.parse(started.stdout);
  assertEquals((await lab.chat(["wait", turn_id])).code, 1);
  const { error } = lab.result(turn_id);
  assertStringIncludes(error.message, "no thanks");
});

Deno.test("a megabyte on stderr neither blocks codex nor fills the result", async () => {
  await using lab = await openLab();
  const noise = "head -c 1000000 /dev/zero | tr '\\0' e >&2";
  const fine = await runFake(
    lab,
    `begin; cat >/dev/null; ${noise}; say ok; complete`,
  );
  assertEquals(fine.result.status, "complete");
  const failed = await runFake(lab, `cat >/dev/null; ${noise}; exit 1`);
  assertEquals(failed.result.status, "failed");
  assert(JSON.stringify(failed.result).length < 20_000);
});

Deno.test("the first terminal event counts, and what comes after it changes nothing", async () => {
  await using lab = await openLab();
  const { result, out } = await runFake(
    lab,
    `begin; cat >/dev/null; say first; complete; event '{"type":"turn.failed","error":{"message":"late"}}'`,
  );
  assertEquals(result.status, "complete");
  assertEquals(result.text, "first");
  assert(!result.error);
  assertStringIncludes(out, "[done]");
});

Deno.test("a cancelled turn whose codex ignores every signal ends all the same", async () => {
  await using lab = await openLab();
  pinFake(
    lab,
    "trap '' INT TERM HUP; begin; cat >/dev/null; sleep 106; sleep 106",
  );
  const turnId = await lab.start("hi");
  await until(
    () =>
      Deno.readTextFileSync(lab.turn(turnId).events).includes("turn.started"),
    "codex to start",
  );
  const cancelled = await lab.json("cancel", turnId, "--json");
  assertEquals(cancelled.state, "cancelled");
  await until(() => processesOf(lab.home.home).length === 0, "its end", 5000);
});

Deno.test("a turn that codex completed is complete although codex's own record cannot be read", async () => {
  await using lab = await openLab();
  const sessions = join(lab.home.home, ".codex/sessions");
  const { result } = await runFake(
    lab,
    `cat >/dev/null; begin; say fine; ln -sfn sessions '${sessions}'; complete`,
  );
  assertStringIncludes(result.text, "fine");
  assertEquals(result.status, "complete");
});
