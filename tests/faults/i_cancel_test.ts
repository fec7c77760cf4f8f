/** I: cancel at every moment. What a running turn does when it is cancelled is seen in tests/live_turns. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { requestCancel } from "../../assets/lib/turns/control.ts";
import { markersOf } from "../../assets/lib/turns/markers.ts";
import { newTurnId } from "../../assets/lib/turns/turn_id.ts";
import { assertSoon, type Lab, openLab, processesOf, until } from "../lab.ts";
import { metaOf, outOf } from "../live_turns/turn_text.ts";
import { assertNothingLeft } from "../worker/killed.ts";
import { startFakeWorker } from "./fake_worker.ts";
import { FULL, times } from "./fault.ts";
import { makeTurnIn } from "./held_turn.ts";
import { fillUp, mountMemory } from "./mounted_memory.ts";
import { pinWrapper } from "./pinned_wrapper.ts";

const ENGINES = ["app-server", "sdk"];

const isOver = (lab: Lab, turnId: string): boolean => {
  const { done, error } = markersOf(lab.turn(turnId));
  return done || error;
};

for (const engine of ENGINES) {
  Deno.test(`I1 cancel while the worker starts: codex never runs (${engine})`, async () => {
    await using lab = await openLab();
    const wrapper = pinWrapper(lab);
    const starting = lab.start("never asked", "--engine", engine);
    // Before `new` has returned, and before its worker has come.
    await until(() => lab.turnIds().length > 0, "the turn's directory");
    requestCancel(lab.turn(lab.turnIds()[0]!));
    const turnId = await starting;
    assertEquals((await lab.chat(["wait", turnId])).code, 1);
    assertEquals(lab.result(turnId).status, "cancelled");
    assertEquals(lab.result(turnId).thread_id, null);
    assertEquals((await lab.json("status", turnId)).state, "cancelled");
    assertEquals(wrapper.commandLines(), [], "codex was started");
    assertEquals(lab.server.turns(), []);
  });
}

/**
 * Cancels a turn as it completes, and tells who won. `delayMs` counts from the model's
 * first word.
 */
async function race(
  lab: Lab,
  index: number,
  delayMs: number,
): Promise<"complete" | "cancelled"> {
  const prompt = `play text words=2 over=60 race=${index}`;
  const turnId = await lab.start(prompt, "--engine", ENGINES[index % 2]!);
  const request = () =>
    lab.server.turns().find((turn) => turn.prompt === prompt);
  await until(() => !!request()?.spoken[0], "the model to speak");
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  // Every fifth time by two commands at once, which take longer to come.
  const commands = index % 5 === 0
    ? [1, 2].map(() => lab.chat(["cancel", turnId]))
    : [];
  if (commands.length === 0) requestCancel(lab.turn(turnId));
  await until(() => isOver(lab, turnId), "a marker");
  const { status } = lab.result(turnId);
  for (const { code, stdout } of await Promise.all(commands)) {
    assertEquals(code, 0);
    assertMatch(stdout, new RegExp(` (is|was already) ${status}\n$`));
  }
  await until(() => !processesOf(turnId).length, "the worker to go");
  const markers = markersOf(lab.turn(turnId));
  assertEquals(
    markers,
    { done: status === "complete", error: status === "cancelled" },
    `${turnId} ended ${status}`,
  );
  assertEquals(
    outOf(lab, turnId).match(/^\[(done|cancelled|failed)\]/gm),
    [status === "complete" ? "[done]" : "[cancelled]"],
  );
  return status;
}

Deno.test("I5 cancel races with completion: one marker, one winner", async () => {
  await using lab = await openLab();
  const wins = { complete: 0, cancelled: 0 };
  const count = times(15, 100);
  let started = 0;
  // Whoever wins comes a little later next time, so that both keep close to each other.
  let delayMs = 60;
  const lane = async () => {
    while (started < count) {
      const winner = await race(lab, started++, delayMs + Math.random() * 20);
      wins[winner]++;
      const step = Math.max(4, 40 / (wins.complete + wins.cancelled));
      delayMs = Math.max(0, delayMs + (winner === "complete" ? -step : step));
    }
  };
  await Promise.all([lane(), lane(), lane()]);
  assertEquals(wins.complete + wins.cancelled, count);
  if (FULL) console.log(`I5: ${JSON.stringify(wins)}`);
});

Deno.test("I5 two workers that end one turn at once: one marker, one winner", async () => {
  const home = Deno.makeTempDirSync();
  try {
    await using one = startFakeWorker();
    await using other = startFakeWorker();
    for (let round = 0; round < times(100, 1000); round++) {
      const { paths } = makeTurnIn(home, newTurnId(Date.now()));
      const end = async (worker: typeof one, marker: "done" | "error") => {
        await worker.take(paths.dir);
        await worker.end(`${marker}\n`, marker);
      };
      await Promise.all([end(one, "done"), end(other, "error")]);
      const { done, error } = markersOf(paths);
      assert(done !== error, `round ${round}: ${done}, ${error}`);
      const [first] = Deno.readTextFileSync(paths.out).split("\n");
      assertEquals(first, done ? "done" : "error", `round ${round}`);
    }
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
});

Deno.test("I6 cancel of an unknown turn says so: exit 6", async () => {
  await using lab = await openLab();
  const unknown = newTurnId(Date.now());
  const { code, stdout, stderr } = await lab.chat(["cancel", unknown]);
  assertEquals(code, 6);
  assertEquals(stdout, "");
  assertMatch(
    stderr,
    new RegExp(`^codex-server: There is no turn ${unknown} — .+\n$`),
  );
  const json = await lab.chat(["cancel", unknown, "--json"]);
  assertEquals(json.code, 6);
  assertEquals(JSON.parse(json.stderr).error.code, "no_such_turn");
});

Deno.test("I7 cancel of a turn whose worker is dead, or dies meanwhile, says that it was abandoned", async () => {
  await using lab = await openLab();
  const [dead, dying] = await Promise.all(
    [1, 2].map(() => lab.start("play hang words=2")),
  );
  await until(() => lab.server.openStreams === 2, "both turns to run");
  const pidOf = (turnId: string): number => metaOf(lab, turnId).pid;
  Deno.kill(pidOf(dead!), "SIGKILL");
  await until(
    async () => (await lab.json("status", dead!)).state === "abandoned",
    "the death to be seen",
  );
  const late = await lab.chat(["cancel", dead!]);
  assertEquals(late.code, 0);
  assertEquals(late.stdout, `Turn ${dead} was already abandoned\n`);
  assertEquals(Array.from(Deno.readDirSync(lab.turn(dead!).control)), []);

  // It hears of the request only when it is dead.
  Deno.kill(pidOf(dying!), "SIGSTOP");
  const meanwhile = lab.chat(["cancel", dying!]);
  await until(
    () => Array.from(Deno.readDirSync(lab.turn(dying!).control)).length > 0,
    "the request",
  );
  const killed = performance.now();
  Deno.kill(pidOf(dying!), "SIGKILL");
  const { code, stdout } = await meanwhile;
  const elapsed = performance.now() - killed;
  assertEquals(code, 0);
  assertEquals(stdout, `Turn ${dying} is abandoned\n`);
  assertSoon(elapsed, "cancel");
  await assertNothingLeft(lab);
});

for (const engine of ENGINES) {
  Deno.test(`I8 cancel on a full disk still cancels (${engine})`, async () => {
    await using lab = await openLab();
    const turns = `${lab.home.home}/.codex-server/turns`;
    await using _small = await mountMemory(turns, "size=512k");
    const turnId = await lab.start("play hang words=2", "--engine", engine);
    await until(() => lab.server.openStreams > 0, "the turn to run");
    // What it has to write so far is written.
    await until(
      async () => (await lab.json("status", turnId)).phase !== "starting",
      "the turn to be under way",
    );
    fillUp(turns);
    const called = performance.now();
    const { code, stdout } = await lab.chat(["cancel", turnId]);
    const elapsed = performance.now() - called;
    assertEquals(stdout, `Turn ${turnId} is cancelled\n`);
    assertEquals(code, 0);
    assertEquals(markersOf(lab.turn(turnId)), { done: false, error: true });
    const status = await lab.json("status", turnId);
    assertEquals(status.state, "cancelled");
    assertEquals(status.error.code, "cancelled");
    assertSoon(elapsed, "cancel");
    await assertNothingLeft(lab);
  });
}
