/**
 * Everything that writes is killed at every call that matters, one run for each call: a
 * first run under strace tells which calls there are, and each further run is killed just
 * before one of them. The quick run takes samples of the long lists.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { statIfExists } from "../../assets/lib/system/files.ts";
import { markersOf } from "../../assets/lib/turns/markers.ts";
import { START_GRACE_MS } from "../../assets/lib/turns/state.ts";
import { type Lab, openLab } from "../lab.ts";
import { createPlace, SKILL } from "../setup/place.ts";
import { idAt } from "../turns/state_home.ts";
import { FULL } from "./fault.ts";
import { assertSound, leftoversIn, makeOld, statesOf } from "./invariants.ts";
import { each } from "../lanes.ts";
import {
  type Call,
  changingCalls,
  killAt,
  type Traced,
  traced,
} from "./strace.ts";
import {
  chatCommand,
  runIn,
  turnWithoutWorker,
  workerCommand,
} from "./under.ts";

/** Each `step`-th of the calls, the last one included; all of them in a full run. */
const sampled = (calls: Call[], step: number): Call[] =>
  FULL ? calls : calls.filter((_, at) => (calls.length - 1 - at) % step === 0);

/**
 * Nearly all of a matrix were killed. A thread of Deno is woken by a write, how often
 * differs from run to run, and a call with a number too high never comes.
 */
function assertKilled(runs: { signal: string | null }[]): void {
  const killed = runs.filter(({ signal }) => signal === "SIGKILL").length;
  assert(killed >= runs.length * 0.85, `${killed} of ${runs.length} killed`);
}

const root = (lab: Lab) => `${lab.home.home}/.codex-server`;

/** Takes away what the killed have left, and shows that the home is as good as new. */
async function assertMended(lab: Lab): Promise<void> {
  makeOld(leftoversIn(root(lab)));
  const { code, stderr } = await lab.chat(["gc"]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(leftoversIn(root(lab)), []);
  const last = await lab.start("play instant say=later");
  assertEquals((await lab.chat(["wait", last])).code, 0);
}

Deno.test("A1 new killed at each of its calls prints no id, or the turn completes", async () => {
  await using lab = await openLab();
  const start = (index: number, inject?: string) =>
    traced(chatCommand(lab, ["new", "--", `play instant say=n${index}`]), {
      cwd: lab.repo,
      env: lab.env,
      inject,
    });
  await lab.run("hello"); // Deno's cache has all modules then
  const calls = changingCalls((await start(0)).log, lab.home.home);
  const names = new Set(calls.map(({ name }) => name));
  for (const name of ["mkdir", "write", "rename", "clone"]) {
    assert(names.has(name), `new calls ${name}`);
  }
  // The last call first: a turn without a worker has its grace over the sooner. The one
  // after the last rename never comes, so that nothing is injected.
  const matrix = [...calls.toReversed(), { name: "rename", when: 2 }];
  const runs = await each(
    matrix,
    (call, index) => start(index + 1, killAt(call)),
  );
  assertEquals(runs.at(-1)!.signal, null);
  assertKilled(runs.slice(0, -1));

  const states = await assertSound(lab);
  const printed = runs.filter(({ stdout }) => stdout !== "")
    .map(({ stdout }) => JSON.parse(stdout).turn_id as string);
  assert(printed.length > 0);
  for (const id of printed) assertEquals(states.get(id), "complete");
  // Killed once the directory was there, before a worker was: nobody knows the id.
  const abandoned = [...states.values()].filter((is) => is === "abandoned");
  assert(abandoned.length >= 1, [...states.values()].join(" "));
  assert(leftoversIn(root(lab)).length > 0, "killed in the making");
  await assertMended(lab);
});

Deno.test("A1 new --key killed at each of its last calls and repeated runs codex once", async () => {
  await using lab = await openLab();
  const prompt = (key: string) => `play instant say=${key}`;
  const words = (key: string) => ["new", "--key", key, "--", prompt(key)];
  const start = (key: string, inject?: string) =>
    traced(chatCommand(lab, words(key)), {
      cwd: lab.repo,
      env: lab.env,
      inject,
    });
  await lab.run("hello", "--key", "warm");
  const calls = changingCalls((await start("whole")).log, lab.home.home);
  // From the moment that the turn is in its place.
  const made = calls.findIndex(({ name }) => name === "rename");
  const last = calls.slice(made + 1).toReversed();
  assert(last.some(({ line }) => line.includes("/keys/")), "the key is noted");
  // Around the note and around the worker's start; each write of the note in a full run.
  const turning = last.filter(({ name }) =>
    name === "clone" || name === "rename"
  );
  const runs = await each(FULL ? last : turning, async (call) => {
    const key = `${call.name}-${call.when}`;
    const run = await start(key, killAt(call));
    const again = async () => {
      const { turn_id } = await lab.json(...words(key));
      return await lab.chat(["wait", turn_id]);
    };
    // Noted, but without a worker: that shows when the grace is over, and is mended then.
    const first = await again();
    const { code, stderr } = first.code === 0 ? first : await again();
    assertEquals([code, stderr], [0, ""], key);
    const asked = lab.server.turns().map(({ prompt }) => prompt);
    assertEquals(asked.filter((one) => one === prompt(key)).length, 1, key);
    return run;
  });
  assertKilled(runs);
  await assertSound(lab);
});

type Engine = "app-server" | "sdk";

/** Kills the worker of a turn of its own at a call. */
async function killWorkerAt(
  lab: Lab,
  engine: Engine,
  say: string,
  call?: Call,
): Promise<Traced & { turnId: string }> {
  const turnId = turnWithoutWorker(lab, `play instant say=${say}`, { engine });
  const inject = call && killAt(call);
  const run = await traced(workerCommand(lab, turnId), {
    cwd: "/",
    env: lab.env,
    inject,
  });
  return { ...run, turnId };
}

const hasCompleted = (lab: Lab, turnId: string): boolean =>
  Deno.readTextFileSync(lab.turn(turnId).events).includes(
    '{"type":"turn.completed"',
  );

for (const engine of ["app-server", "sdk"] as const) {
  Deno.test(`A4 a worker killed at each of its calls leaves whole files and a turn that is over (${engine})`, async () => {
    await using lab = await openLab();
    await lab.run("hello");
    const whole = await killWorkerAt(lab, engine, "whole");
    const calls = changingCalls(whole.log, lab.home.home);
    assert(calls.length > 30, `${calls.length} calls`);
    // Every step of the first replacement of meta.json, and samples of all the others.
    const meta = calls.filter(({ line }) => line.includes("/meta.json"));
    const matrix = [...new Set([...meta.slice(0, 5), ...sampled(calls, 6)])];
    const runs = await each(
      matrix,
      (call, index) => killWorkerAt(lab, engine, `k${index}`, call),
    );
    assertKilled(runs);

    const states = await assertSound(lab);
    for (const { turnId, signal, log } of runs) {
      if (signal !== "SIGKILL") continue;
      assertEquals(
        states.get(turnId),
        hasCompleted(lab, turnId) ? "complete" : "abandoned",
        log.split("\n").slice(-30).join("\n"),
      );
    }
    assert(
      leftoversIn(root(lab)).some((path) => path.includes("/meta.json.")),
      "killed while it replaced meta.json",
    );
    await assertMended(lab);
  });
}

/** A fresh state directory with two old turns, a note and a killed `new`, for a sweep. */
function fillForSweep(lab: Lab, likeId: string, name: string): string {
  const home = `${lab.home.home}/${name}`;
  const turns = `${home}/.codex-server/turns`;
  Deno.mkdirSync(turns, { recursive: true, mode: 0o700 });
  const copy = (to: string) => {
    const dir = `${turns}/${to}`;
    Deno.mkdirSync(`${dir}/control`, { recursive: true });
    for (
      const file of ["meta.json", "out.txt", "events.jsonl", "done", "lock"]
    ) {
      Deno.copyFileSync(`${lab.turn(likeId).dir}/${file}`, `${dir}/${file}`);
    }
    return dir;
  };
  for (const days of [20, 10]) copy(idAt(Date.now() - days * 86_400_000));
  const recent = copy(likeId);
  const stray = `${recent}/meta.json.${crypto.randomUUID()}.tmp`;
  Deno.writeTextFileSync(stray, "{");
  const half = `${turns}/.new-${idAt(Date.now())}`;
  Deno.mkdirSync(half);
  Deno.writeTextFileSync(`${half}/prompt.txt`, "half");
  makeOld([stray, half]);
  return home;
}

/** Kills a first setup at a call; a second one must repair whatever that left. */
async function setUpTwice(call: Call): Promise<Traced> {
  await using place = await createPlace();
  const first = await traced(SETUP, {
    cwd: place.home,
    env: place.env,
    inject: killAt(call),
  });
  const { root } = place;
  try {
    place.config(); // throws where it is torn
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const launcher = `${root}/bin/codex-server`;
  const version = async () => (await place.run(launcher, ["version"])).code;
  const isFile = (path: string) => statIfExists(path)?.isFile ?? false;
  // The launcher is the last that is written: where it is, all is there.
  if (isFile(launcher)) assertEquals(await version(), 0);
  // The link is turned to nothing but a whole library.
  assertEquals(isFile(`${root}/lib/version.ts`), isFile(`${root}/lib/chat.ts`));
  const again = await place.setup();
  assertEquals(
    [again.code, again.stderr],
    [0, ""],
    `${call.name} ${call.when}`,
  );
  assertEquals(await version(), 0);
  assertEquals(place.config().codex_version, "1.2.3");
  assertEquals(leftoversIn(root), []);
  return first;
}

const SETUP = [
  ...[Deno.execPath(), "run", "-q", "-A"],
  `${SKILL}/assets/lib/setup.ts`,
];

Deno.test("D14 a setup killed at each of its calls is repaired by the next one", async () => {
  await using place = await createPlace();
  // Deno's cache has all modules then: what it writes would shift the numbers.
  await place.setup(["--help"]);
  const { log } = await traced(SETUP, { cwd: place.home, env: place.env });
  const calls = changingCalls(log, place.root);
  // A hundred files are copied one like the other: a sample of those will do.
  const isCopy = ({ name, line }: Call) =>
    line.includes("/libs/.new-") && name !== "rename";
  const copies = calls.filter(isCopy);
  const others = calls.filter((call) => !isCopy(call));
  const renames = others.filter(({ name }) => name === "rename");
  assert(copies.length > 300 && renames.length >= 4, `${calls.length} calls`);
  const matrix = [
    ...(FULL ? others : renames),
    ...copies.filter((_, at) => at % (FULL ? 20 : 250) === 19),
  ];
  assertKilled(await each(matrix, setUpTwice));
});

Deno.test("D14 a gc killed at each of its calls is finished by the next one", async () => {
  await using lab = await openLab();
  const like = await lab.run("hello");
  const gc = (home: string, inject?: string) =>
    traced(chatCommand(lab, ["gc", "--json"]), {
      cwd: "/",
      env: { ...lab.env, HOME: home },
      inject,
    });
  const reference = fillForSweep(lab, like, "sweep");
  const calls = changingCalls((await gc(reference)).log, reference);
  const names = calls.map(({ name }) => name);
  assert(names.includes("rename") && names.includes("unlinkat"), `${names}`);
  const matrix = [...sampled(calls, 3), { name: "rename", when: 99 }];
  const runs = await each(matrix, async (call, index) => {
    const home = fillForSweep(lab, like, `sweep-${index}`);
    const first = await gc(home, killAt(call));
    const listed = () =>
      Array.from(
        Deno.readDirSync(`${home}/.codex-server/turns`),
        (e) => e.name,
      );
    // Whatever is in sight is whole.
    for (const id of listed().filter((name) => !name.startsWith("."))) {
      Deno.statSync(`${home}/.codex-server/turns/${id}/meta.json`);
    }
    const next = await gc(home);
    assertEquals([next.code, next.stderr], [0, ""], call.name);
    assertEquals(listed(), [like], `${call.name} ${call.when}`);
    assertEquals(leftoversIn(`${home}/.codex-server`), []);
    return first;
  });
  assertEquals(runs.at(-1)!.signal, null);
  assertKilled(runs.slice(0, -1));
});

Deno.test("A2 a worker killed before it takes its lock is abandoned after the grace, and one that comes when that was told starts nothing", async () => {
  await using lab = await openLab();
  await lab.run("hello");
  const asked = lab.server.turns().length;
  const strace = (turnId: string, inject: string) =>
    traced(workerCommand(lab, turnId), { cwd: "/", env: lab.env, inject });
  const whole = turnWithoutWorker(lab, "play instant say=whole");
  const calls = changingCalls(
    (await strace(whole, "symlink:error=EIO:when=99")).log,
    lab.home.home,
  );
  assertEquals(lab.server.turns().length, asked + 1);
  // Before the lock's file, between the file and the lock, before it has its name, after.
  const first = (call: string, pattern: RegExp) =>
    calls.find(({ name, line }) => name === call && pattern.test(line))!;
  const named = first("linkat", /\/lock"/);
  const moments = [
    first("openat", /\/lock\.[^"]*"/),
    first("flock", /\/lock\./),
    named,
    calls[calls.indexOf(named) + 1]!,
  ];
  await each(moments, async (call) => {
    // Old already, to wait for less of the grace.
    const madeAt = Date.now() - START_GRACE_MS + 6000;
    const made = { turn_id: idAt(madeAt) };
    const turnId = turnWithoutWorker(lab, "play instant", made);
    assertEquals((await strace(turnId, killAt(call))).signal, "SIGKILL");
    const early = (await statesOf(lab)).get(turnId);
    const locked = call === moments.at(-1);
    if (!locked && Date.now() - madeAt < START_GRACE_MS) {
      assertEquals(early, "running");
    }
    const { code, stderr } = await lab.chat(["wait", turnId]);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "abandoned");
    const age = Date.now() - madeAt;
    assert(locked || age >= START_GRACE_MS, `told after ${age} ms`);

    const late = await runIn(lab, workerCommand(lab, turnId), { cwd: "/" });
    assertEquals(late.code, 1);
    assertEquals((await lab.json("status", turnId)).state, "abandoned");
  });
  // Nobody has been told of this one: it runs, however late.
  const turnId = turnWithoutWorker(lab, "play instant say=late", {
    turn_id: idAt(Date.now() - 2 * START_GRACE_MS),
  });
  assertEquals((await strace(turnId, "symlink:error=EIO:when=99")).code, 0);
  assertEquals(lab.result(turnId).status, "complete");
  assertEquals(lab.server.turns().length, asked + 2, "turns that codex ran");
  await assertSound(lab);
});

Deno.test("A5 a worker killed between turn.completed and its marker leaves a complete turn", async () => {
  await using lab = await openLab();
  await lab.run("hello");
  const kill = (say: string, call?: Call) =>
    killWorkerAt(lab, "app-server", say, call);
  const whole = await kill("whole");
  const calls = changingCalls(whole.log, lab.home.home);
  const at = (part: string) =>
    calls.findIndex(({ line }) => line.includes(part));
  const after = calls.slice(
    at('"{\\"type\\":\\"turn.completed') + 1,
    at("/done") + 1,
  );
  const between = after.filter(({ name }) => name !== "write");
  assert(between.length >= 8, `${between.length} calls before the marker`);
  // One after the other: which slot a worker gets would shift the numbers.
  for (const call of sampled(between, 3)) {
    const say = `${call.name}-${call.when}`;
    const isDone = (id: string) => markersOf(lab.turn(id)).done;
    let run = await kill(say, call);
    // How many calls come before varies: a kill that missed its moment is made again.
    for (let { when } = call, tries = 0; tries < 6; tries++) {
      if (isDone(run.turnId)) when -= 1;
      else if (!hasCompleted(lab, run.turnId)) when += 1;
      else break;
      run = await kill(say, { ...call, when });
    }
    const { turnId, signal } = run;
    const { out, result } = lab.turn(turnId);
    assertEquals(signal, "SIGKILL");
    assert(hasCompleted(lab, turnId), "killed after turn.completed");
    assert(!isDone(turnId), "killed before its marker");
    const [waited, answer, status] = await Promise.all([
      lab.chat(["wait", turnId]),
      lab.chat(["result", turnId]),
      lab.json("status", turnId),
    ]);
    assertEquals([waited.code, waited.stderr], [0, ""], result);
    assertEquals(waited.stdout, Deno.readTextFileSync(out));
    assertStringIncludes(waited.stdout, `${say}\n`);
    assertEquals([answer.code, answer.stdout], [0, `${say}\n`]);
    assertEquals(status.state, "complete");
    assert(status.usage.output_tokens > 0, "status tells the usage");
  }
  await assertSound(lab);
});
