import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { isLockHeld } from "../../assets/lib/system/lock.ts";
import {
  assertSoon,
  isAlive,
  type Lab,
  openLab,
  processesOf,
  ranOf,
  until,
} from "../lab.ts";
import { assertAbandoned, killWorker } from "./killed.ts";

const ENGINES = ["app-server", "sdk"];

/** When the worker is killed: a prompt, and what has happened by then. Other moments: killed_often_test.ts. */
const MOMENTS: [
  name: string,
  prompt: string,
  reached: (lab: Lab, turnId: string) => boolean,
][] = [
  [
    "while codex starts",
    "play hang",
    (lab) =>
      processesOf(lab.home.home).some(({ command }) =>
        command.startsWith(lab.codex)
      ),
  ],
  [
    "while the model hangs",
    "play hang words=3",
    (lab) => lab.server.openStreams > 0,
  ],
  [
    "while a command runs",
    "play sleep seconds=77",
    (lab) =>
      processesOf(lab.home.home).some(({ command }) =>
        command.startsWith("sleep 77")
      ),
  ],
];

for (const engine of ENGINES) {
  for (const [name, prompt, reached] of MOMENTS) {
    Deno.test(`A18 a worker killed ${name} leaves an abandoned turn and no process (Row A29) (${engine})`, async () => {
      await using lab = await openLab();
      const turnId = await lab.start(prompt, "--write", "--engine", engine);
      await until(() => reached(lab, turnId), name);
      await assertAbandoned(lab, turnId, await killWorker(lab, turnId));
    });
  }
}

Deno.test("a worker that died between its lock and its signature is abandoned", async () => {
  await using lab = await openLab();
  // The lock is there and free, meta.json has no pid: what such a death leaves.
  const turnId = await lab.start("play hang");
  const killedAt = await killWorker(lab, turnId);
  const { meta, events } = lab.turn(turnId);
  await until(() => !isLockHeld(lab.turn(turnId).lock), "the lock to be free");
  const unsigned = JSON.parse(Deno.readTextFileSync(meta));
  Deno.writeTextFileSync(meta, JSON.stringify({ ...unsigned, pid: null }));
  Deno.writeTextFileSync(events, "");
  await until(
    async () => (await lab.json("status", turnId)).state === "abandoned",
    "the death to be told",
  );
  await assertAbandoned(lab, turnId, killedAt);
});

for (const engine of ENGINES) {
  Deno.test(`A3 what a killed worker wrote is kept, its thread is shown and can be continued (${engine})`, async () => {
    await using lab = await openLab();
    const turnId = await lab.start(
      "play two_messages cmd=sleep%2078",
      ...["--engine", engine],
    );
    const out = () => Deno.readTextFileSync(lab.turn(turnId).out);
    await until(() => out().includes("look around."), "codex to speak");
    const written = out();
    await assertAbandoned(lab, turnId, await killWorker(lab, turnId));
    assert(out().startsWith(written), "what was written stays");

    const status = await lab.json("status", turnId);
    assert(status.thread_id, "status shows the thread");
    assertEquals(status.error.code, "abandoned");
    assertStringIncludes(status.error.hint, status.thread_id);
    const { thread_id } = await lab.json("result", turnId, "--json");
    assertEquals(thread_id, status.thread_id);

    const go = ["continue", "--engine", engine, "--thread", thread_id];
    const next = await lab.json(...go, "go on");
    const waited = await lab.chat(["wait", next.turn_id]);
    assertEquals(waited.code, 0, waited.stderr);
    assertStringIncludes(waited.stdout, "You said: go on");
    assertEquals(lab.server.turns().at(-1)?.threadId, thread_id);
  });

  Deno.test(`A3 a waiter and a follower that came before the kill see it (${engine})`, async () => {
    await using lab = await openLab();
    assertSoon(await timeTelling(lab, engine), "telling");
  });
}

/** Kills the worker of a new turn while others wait for it; returns when the last was told, in ms. */
async function timeTelling(lab: Lab, engine: string): Promise<number> {
  const turnId = await lab.start("play hang words=3", "--engine", engine);
  await until(() => lab.server.openStreams > 0, "the model to be asked");
  const waiters = [["wait"], ["tail", "--follow"]].map((verb) =>
    lab.spawn([...verb, turnId])
  );
  let told = 0;
  const endings = waiters.map((waiter) =>
    ranOf(waiter.output()).finally(() => told += 1)
  );
  await until(
    () =>
      processesOf(lab.home.home).filter(({ command }) =>
        command.includes("chat.ts")
      ).length === 2,
    "both to wait",
  );
  const killedAt = await killWorker(lab, turnId);
  await until(() => told === 2, "both to be told").finally(() => {
    if (told < 2) {
      waiters.forEach(({ pid }) => isAlive(pid) && Deno.kill(pid, "SIGKILL"));
    }
  });
  const elapsed = performance.now() - killedAt;
  for (const { code, stderr } of await Promise.all(endings)) {
    assertEquals(code, 1);
    assertStringIncludes(stderr, "abandoned");
  }
  await until(() => lab.server.openStreams === 0, "the stream to close");
  return elapsed;
}

Deno.test("a queued worker that is killed leaves an abandoned turn and its place in the queue", async () => {
  await using lab = await openLab({ maxConcurrent: 1 });
  const running = await lab.start("play hang");
  await until(() => lab.server.openStreams > 0, "the first turn to run");
  const queued = await lab.start("hello");
  await until(
    async () => (await lab.json("status", queued)).phase === "queued",
    "the second turn to queue",
  );
  const killedAt = await killWorker(lab, queued);
  assertEquals((await lab.json("status", queued)).state, "abandoned");
  assertSoon(performance.now() - killedAt, "telling");
  const third = await lab.start("third");
  await lab.chat(["cancel", running]);
  assertEquals((await lab.chat(["wait", third])).code, 0);
  assertEquals(lab.server.turns().map(({ prompt }) => prompt), [
    "play hang",
    "third",
  ]);
});
