import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  assertSoon,
  isAlive,
  type Lab,
  openLab,
  processesOf,
  until,
} from "../lab.ts";
import { codexPidOf, metaOf, outOf } from "./turn_text.ts";

const ENGINES = ["app-server", "sdk"];

/** Milliseconds from the call of `cancel` to the turn's marker. */
async function timeCancel(lab: Lab, turnId: string): Promise<number> {
  const called = performance.now();
  const ran = lab.chat(["cancel", turnId]);
  const { error } = lab.turn(turnId);
  await until(() => {
    try {
      return Deno.lstatSync(error).isFile;
    } catch {
      return false;
    }
  }, "the marker");
  const elapsed = performance.now() - called;
  const { code, stdout } = await ran;
  assertEquals(code, 0);
  assertEquals(stdout, `Turn ${turnId} is cancelled\n`);
  return elapsed;
}

async function assertNothingLeft(lab: Lab): Promise<void> {
  await until(() => lab.server.openStreams === 0, "the model's stream", 2000);
  await until(
    () => processesOf(lab.home.home).length === 0,
    "every process to end",
  ).catch((error) => {
    const left = JSON.stringify(processesOf(lab.home.home));
    throw new Error(`${error.message}: ${left}`);
  });
}

for (const engine of ENGINES) {
  Deno.test(`I2 cancel ends a streaming turn (Row C12, Row D16) (${engine})`, async () => {
    await using lab = await openLab();
    const turnId = await lab.start(
      "play text words=100 over=100000",
      ...["--engine", engine],
    );
    await until(
      () => lab.server.turns().some((turn) => turn.spoken[2]),
      "the model to speak",
    );
    assertSoon(await timeCancel(lab, turnId), "cancel");
    assertEquals(lab.result(turnId).status, "cancelled");
    assertEquals(lab.result(turnId).error.code, "cancelled");
    assertMatch(
      outOf(lab, turnId),
      /\n?\[cancelled\] The turn was cancelled\n$/,
    );
    await assertNothingLeft(lab);
  });

  Deno.test(`I2 cancel while a command sleeps leaves no process, the sleep included (${engine})`, async () => {
    await using lab = await openLab();
    const turnId = await lab.start(
      "play sleep seconds=77",
      ...["--engine", engine, "--write"],
    );
    const sleeping = () =>
      processesOf(lab.home.home).filter(({ command }) =>
        command.startsWith("sleep 77")
      );
    await until(() => sleeping().length > 0, "the sleep");
    // codex lets a command live on that has run for a second.
    const { pid } = sleeping()[0]!;
    const ageMs = () =>
      Date.now() - Deno.statSync(`/proc/${pid}`).mtime!.getTime();
    await until(() => ageMs() > 1200, "the sleep to be a second old");
    const elapsed = await timeCancel(lab, turnId);
    assertEquals(sleeping(), []);
    assert(!isAlive(codexPidOf(lab, turnId)!), "codex has ended");
    assertSoon(elapsed, "cancel");
    await assertNothingLeft(lab);
  });

  Deno.test(`B8 cancel ends a codex that ignores everything (${engine})`, async () => {
    await using lab = await openLab();
    const turnId = await lab.start("play hang words=2", "--engine", engine);
    await until(() => lab.server.openStreams > 0, "the model to be asked");
    const pid = codexPidOf(lab, turnId)!;
    assert(isAlive(pid), "codex runs");
    Deno.kill(pid, "SIGSTOP");
    const elapsed = await timeCancel(lab, turnId);
    assert(!isAlive(pid), "codex has ended");
    assert(elapsed < 5000, `${Math.round(elapsed)} ms`);
    await assertNothingLeft(lab);
  });

  Deno.test(`I2 cancel before codex has said anything (${engine})`, async () => {
    await using lab = await openLab();
    const turnId = await lab.start("play hang", "--engine", engine);
    const elapsed = await timeCancel(lab, turnId);
    assertSoon(elapsed, "cancel");
    await assertNothingLeft(lab);
    assertEquals((await lab.json("status", turnId)).state, "cancelled");
  });

  Deno.test(`I1 cancel in the queue: codex never runs (${engine})`, async () => {
    await using lab = await openLab({ maxConcurrent: 1 });
    const first = await lab.start("play hang", "--engine", engine);
    await until(() => lab.server.openStreams > 0, "the first turn to run");
    const queued = await lab.start("never asked", "--engine", engine);
    await until(
      async () => (await lab.json("status", queued)).phase === "queued",
      "the second turn to queue",
    );
    await timeCancel(lab, queued);
    assertEquals(codexPidOf(lab, queued), null);
    assertEquals(lab.result(queued).thread_id, null);
    assertEquals((await lab.json("status", first)).state, "running");
    await lab.chat(["cancel", first]);
    assertEquals(lab.server.turns().map(({ prompt }) => prompt), ["play hang"]);
  });

  Deno.test(`I4 two cancels at once both see the end, and a third says that it was over (${engine})`, async () => {
    await using lab = await openLab();
    const turnId = await lab.start("play hang words=2", "--engine", engine);
    await until(() => lab.server.openStreams > 0, "the model to be asked");
    const both = await Promise.all(
      [1, 2].map(() => lab.chat(["cancel", turnId])),
    );
    for (const { code, stdout } of both) {
      assertEquals(code, 0);
      assertMatch(stdout, /^Turn \S+ (is|was already) cancelled\n$/);
    }
    assertEquals(await lab.chat(["cancel", turnId]), {
      code: 0,
      stdout: `Turn ${turnId} was already cancelled\n`,
      stderr: "",
    });
    const names = Array.from(
      Deno.readDirSync(lab.turn(turnId).dir),
      ({ name }) => name,
    );
    assertEquals(names.filter((name) => /^(done|error)$/.test(name)), [
      "error",
    ]);
    assertEquals(metaOf(lab, turnId).engine, engine);
  });
}

Deno.test("I3 cancel after the end changes nothing", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello");
  const before = Deno.readTextFileSync(lab.turn(turnId).result);
  const { code, stdout } = await lab.chat(["cancel", turnId]);
  assertEquals(code, 0);
  assertEquals(stdout, `Turn ${turnId} was already complete\n`);
  assertEquals(Deno.readTextFileSync(lab.turn(turnId).result), before);
  assertEquals((await lab.json("status", turnId)).state, "complete");
});

Deno.test("a turn that waits for an approval can be cancelled; its command never runs", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(
    "play command cmd=touch%20x.txt escalate=1",
    ...["--approvals", "ask"],
  );
  assertEquals((await lab.chat(["wait", "--until-input", turnId])).code, 8);
  const elapsed = await timeCancel(lab, turnId);
  assertSoon(elapsed, "cancel");
  await assertNothingLeft(lab);
  assertEquals(
    Array.from(Deno.readDirSync(lab.repo), ({ name }) => name).includes(
      "x.txt",
    ),
    false,
  );
});
