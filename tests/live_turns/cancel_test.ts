import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  assertSoon,
  isAlive,
  type Lab,
  openLab,
  processesOf,
  until,
} from "../lab.ts";
import { assertNothingLeft } from "../worker/killed.ts";
import { codexPidOf, metaOf, outOf } from "./turn_text.ts";

const ENGINES = ["app-server", "sdk"];

/** Milliseconds from the call of `cancel` to the turn's marker. */
async function timeCancel(lab: Lab, turnId: string): Promise<number> {
  const called = performance.now();
  const ran = lab.chat(["cancel", turnId]);
  await until(() => markers(lab, turnId).includes("error"), "the marker");
  const elapsed = performance.now() - called;
  const { code, stdout } = await ran;
  assertEquals([code, stdout], [0, `Turn ${turnId} is cancelled\n`]);
  return elapsed;
}

/** The markers that a turn has. */
const markers = (lab: Lab, turnId: string): string[] =>
  Array.from(Deno.readDirSync(lab.turn(turnId).dir), ({ name }) => name)
    .filter((name) => /^(done|error)$/.test(name));

const asked = (lab: Lab) =>
  until(() => lab.server.openStreams > 0, "the model to be asked");

/** A command of a turn that sleeps, and for how long it has. */
function sleeping(lab: Lab): { pid: number; ageMs: number } | undefined {
  const [sleep] = processesOf(lab.home.home)
    .filter(({ command }) => command.startsWith("sleep 77"));
  if (!sleep) return undefined;
  const began = Deno.statSync(`/proc/${sleep.pid}`).mtime!.getTime();
  return { pid: sleep.pid, ageMs: Date.now() - began };
}

/** A moment at which a turn is cancelled. */
interface Moment {
  name: string;
  prompt: string;
  flags?: string[];
  /** Ends when the moment has come. */
  come(lab: Lab, turnId: string): Promise<unknown>;
  /** What is true as soon as the marker is there. */
  then?(lab: Lab, turnId: string): void;
}

const MOMENTS: Moment[] = [
  {
    name: "I2 cancel ends a streaming turn (Row C12, Row D16)",
    prompt: "play text words=100 over=100000",
    come: (lab) =>
      until(
        () => lab.server.turns().some((turn) => turn.spoken[2]),
        "the model to speak",
      ),
    then: (lab, turnId) => {
      // What was cut off is no part of the answer. Only the app-server streams it.
      assertEquals(lab.result(turnId).text, "");
      assertMatch(
        outOf(lab, turnId),
        /^(word-1 .*\n\n\[dropped\] .*)?\n?\[cancelled\] The turn was cancelled\n$/,
      );
    },
  },
  {
    name:
      "I2 cancel while a command sleeps leaves no process, the sleep included",
    prompt: "play sleep seconds=77",
    flags: ["--write"],
    // codex lets a command live on that has run for a second.
    come: (lab) =>
      until(() => (sleeping(lab)?.ageMs ?? 0) > 1200, "a second of sleep"),
    then: (lab, turnId) => {
      assertEquals(sleeping(lab), undefined);
      assert(!isAlive(codexPidOf(lab, turnId)!), "codex has ended");
    },
  },
  {
    name: "B8 cancel ends a codex that ignores everything",
    prompt: "play hang words=2",
    come: async (lab, turnId) => {
      await asked(lab);
      Deno.kill(codexPidOf(lab, turnId)!, "SIGSTOP");
    },
    then: (lab, turnId) =>
      assert(!isAlive(codexPidOf(lab, turnId)!), "codex has ended"),
  },
  {
    name: "I2 cancel before codex has said anything",
    prompt: "play hang",
    come: () => Promise.resolve(),
  },
];

for (const engine of ENGINES) {
  for (const { name, prompt, flags = [], come, then } of MOMENTS) {
    Deno.test(`${name} (${engine})`, async () => {
      await using lab = await openLab();
      const turnId = await lab.start(prompt, "--engine", engine, ...flags);
      await come(lab, turnId);
      const elapsed = await timeCancel(lab, turnId);
      then?.(lab, turnId);
      assertSoon(elapsed, "cancel");
      assertEquals(lab.result(turnId).status, "cancelled");
      assertEquals(lab.result(turnId).error.code, "cancelled");
      await assertNothingLeft(lab);
    });
  }

  Deno.test(`I1 cancel in the queue: codex never runs (${engine})`, async () => {
    await using lab = await openLab({ maxConcurrent: 1 });
    const first = await lab.start("play hang", "--engine", engine);
    await asked(lab);
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
    await asked(lab);
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
    assertEquals(markers(lab, turnId), ["error"]);
    assertEquals(metaOf(lab, turnId).engine, engine);
  });
}

Deno.test("I3 cancel after the end changes nothing", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello");
  const before = Deno.readTextFileSync(lab.turn(turnId).result);
  const { code, stdout } = await lab.chat(["cancel", turnId]);
  assertEquals([code, stdout], [0, `Turn ${turnId} was already complete\n`]);
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
  assertSoon(await timeCancel(lab, turnId), "cancel");
  await assertNothingLeft(lab);
  const left = Array.from(Deno.readDirSync(lab.repo), ({ name }) => name);
  assert(!left.includes("x.txt"));
});
