import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type Lab, openLab, until } from "../lab.ts";
import { copySkill } from "../setup/place.ts";
import { workerOf } from "../worker/killed.ts";
import { idAt } from "../turns/state_home.ts";
import { chatIn, runIn, withReadOnly } from "./under.ts";

const rootOf = (lab: Lab) => join(lab.home.home, ".codex-server");

// deno-lint-ignore no-explicit-any
type Told = any;

const turnsOf = async (lab: Lab): Promise<Record<string, Told>> => {
  const { turns } = await lab.json("list-turns");
  return Object.fromEntries(turns.map((turn: Told) => [turn.turn_id, turn]));
};

/** Nothing that a person or program sees is a stack trace. */
function assertTold({ stdout, stderr }: { stdout: string; stderr: string }) {
  assertEquals(/file:\/\/|\n\s+at /.test(stdout + stderr), false, stderr);
}

/** Takes the marker and result of a turn away, as if its worker had been killed. */
function unfinish(lab: Lab, turnId: string): void {
  const { done, result } = lab.turn(turnId);
  Deno.removeSync(done);
  Deno.removeSync(result);
}

/** Runs setup.ts of a skill in the lab's home, for the real codex. */
async function setUp(
  lab: Lab,
  skill: string,
  env: Record<string, string> = {},
): Promise<void> {
  const { code, stderr } = await runIn(lab, [
    ...[Deno.execPath(), "run", "-q", "-A"],
    ...[join(skill, "assets/lib/setup.ts"), "--codex", lab.codex],
  ], { env });
  assertEquals(code, 0, stderr);
}

Deno.test("D15 workers whose library is replaced finish on the one that they began with", async () => {
  await using lab = await openLab();
  const skill = await copySkill(join(lab.home.home, "plugin"));
  await setUp(lab, skill);
  const config = join(rootOf(lab), "config.json");
  const pinned = JSON.parse(Deno.readTextFileSync(config));
  Deno.writeTextFileSync(
    config,
    JSON.stringify({ ...pinned, max_concurrent: 1 }),
  );
  const launcher = join(rootOf(lab), "bin/codex-server");
  const old = Deno.realPathSync(join(rootOf(lab), "lib"));
  const start = async (...args: string[]): Promise<string> =>
    JSON.parse((await runIn(lab, [launcher, "new", ...args])).stdout).turn_id;
  const running = await start("play hang");
  await until(() => lab.server.openStreams === 1, "the turn to run");
  // This one starts codex, and by files of the library, only after it was replaced.
  const queued = await start("--engine", "sdk", "hello");
  await workerOf(lab, queued);
  for (const name of ["system/noted_exec.sh", "system/guardian.sh"]) {
    Deno.writeTextFileSync(join(skill, "assets/lib", name), "exit 3\n");
  }
  await setUp(lab, skill);
  assert(Deno.realPathSync(join(rootOf(lab), "lib")) !== old);
  assertEquals((await lab.chat(["cancel", running])).code, 0);
  assertEquals(lab.result(running).status, "cancelled");
  const { code, stdout, stderr } = await lab.chat(["wait", queued]);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "You said: hello");
});

Deno.test("D16 a meta.json of a newer version is said to be one, not misread", async () => {
  await using lab = await openLab();
  const turnIds = [await lab.run("one"), await lab.run("two")];
  const plain = await lab.run("three", "--label", "plain");
  for (const turnId of turnIds) {
    const { meta } = lab.turn(turnId);
    const now = JSON.parse(Deno.readTextFileSync(meta));
    const newer = { ...now, schema_version: 2, cwd: { path: now.cwd } };
    Deno.writeTextFileSync(meta, JSON.stringify(newer));
  }
  const [ended, lost] = turnIds as [string, string];
  unfinish(lab, lost);
  Deno.writeTextFileSync(lab.turn(lost).events, "");
  const listed = await turnsOf(lab);
  for (const [turnId, state] of [[ended, "complete"], [lost, "corrupt"]]) {
    const status = await lab.json("status", turnId!);
    for (const told of [status, listed[turnId!]]) {
      assertEquals(told.state, state);
      assertStringIncludes(told.reason, "schema version 2");
      assertStringIncludes(told.reason, "update codex-server");
      assertEquals(told.cwd, undefined);
    }
  }
  assertEquals(listed[plain].state, "complete");
  const waited = await lab.chat(["wait", lost]);
  assertEquals(waited.code, 1);
  assertStringIncludes(waited.stderr, "update codex-server");
  assertEquals((await lab.chat(["wait", ended])).code, 0);
  assertEquals((await lab.chat(["result", ended])).stdout, "You said: one\n");
});

Deno.test("D17 a turn whose meta.json is broken is corrupt, the others list, and nothing crashes", async () => {
  await using lab = await openLab();
  const sound = await lab.run("hello");
  const whole = Deno.readTextFileSync(lab.turn(sound).meta);
  const faults: [string, (path: string) => void][] = [
    ["empty", (path) => Deno.truncateSync(path, 0)],
    ["cut", (path) => Deno.writeTextFileSync(path, whole.slice(0, 99))],
    ["null", (path) => Deno.writeTextFileSync(path, "null")],
    ["an array", (path) => Deno.writeTextFileSync(path, `[${whole}]`)],
    ["100 MB", (path) => Deno.truncateSync(path, 100 << 20)],
    ["gone", (path) => Deno.removeSync(path)],
  ];
  const broken = await Promise.all(
    faults.map(async ([name, inject], number) => {
      const turnId = idAt(Date.now() - 1000 * (number + 1));
      await runIn(lab, ["cp", "-r", lab.turn(sound).dir, lab.turn(turnId).dir]);
      unfinish(lab, turnId);
      Deno.writeTextFileSync(lab.turn(turnId).events, "");
      inject(lab.turn(turnId).meta);
      return { name, turnId };
    }),
  );
  const started = performance.now();
  const listed = await turnsOf(lab);
  const listMs = performance.now() - started;
  assertEquals(listed[sound].state, "complete");
  for (const { name, turnId } of broken) {
    assertEquals(listed[turnId].state, "corrupt", name);
    assertStringIncludes(listed[turnId].reason, "meta.json");
    const ran = await Promise.all(
      ["status", "wait", "result", "cancel"].map((verb) =>
        lab.chat([verb, turnId])
      ),
    );
    assertEquals(JSON.parse(ran[0]!.stdout).state, "corrupt", name);
    assertEquals(ran.map(({ code }) => code), [0, 1, 1, 0], name);
    ran.forEach(assertTold);
  }
  const bare = performance.now();
  await lab.chat(["version"]);
  const bareMs = performance.now() - bare;
  assert(listMs < 3 * bareMs + 300, `${listMs} ms against ${bareMs} ms`);
  const next = await lab.run("after");
  assertEquals((await lab.json("status", next)).state, "complete");
});

Deno.test("D17 with a config.json that is broken new says so and readers work; a turn that runs goes on", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play hang words=3");
  await until(() => lab.server.openStreams > 0, "the turn to run");
  const path = join(rootOf(lab), "config.json");
  const whole = Deno.readTextFileSync(path);
  const faults: (() => unknown)[] = [
    () => Deno.truncateSync(path, 0),
    () => Deno.writeTextFileSync(path, whole.slice(0, 99)),
    () => Deno.writeTextFileSync(path, "null"),
    () => Deno.writeTextFileSync(path, `[${whole}]`),
    () => Deno.truncateSync(path, 100 << 20),
    () => Deno.removeSync(path),
    () => runIn(lab, ["mkfifo", path]),
  ];
  for (const inject of faults) {
    await inject();
    const [refused, listed, version] = await Promise.all([
      chatIn(lab, ["new", "--json", "x"]),
      chatIn(lab, ["list-turns"]),
      chatIn(lab, ["version"]),
    ]);
    assertEquals(refused.code, 3, refused.stderr);
    assertStringIncludes(refused.stderr, "setup");
    // Without a codex that is pinned and there `version` prints what it knows, and says so.
    assertEquals([listed.code, version.code], [0, 3]);
    [refused, listed, version].forEach(assertTold);
  }
  Deno.removeSync(path);
  assertEquals((await lab.chat(["cancel", turnId])).code, 0);
  assertEquals(lab.result(turnId).status, "cancelled");
});

Deno.test("D18 a last line of events.jsonl that was cut is passed over by every reader", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hällo");
  const { events, out } = lab.turn(turnId);
  const whole = Deno.readFileSync(events);
  unfinish(lab, turnId);
  const text = new TextDecoder().decode(whole);
  const bytes = (upTo: number) =>
    new TextEncoder().encode(text.slice(0, upTo)).length;
  const end = text.indexOf('{"type":"turn.completed"');
  const answer = text.indexOf('"type":"agent_message"');
  const letter = bytes(text.indexOf("ä", answer));
  const cuts: [at: number, state: string][] = [
    [letter + 1, "abandoned"], // in the middle of a character
    [bytes(end) + 30, "abandoned"],
    [whole.length - 1, "abandoned"], // all but the newline
    [whole.length, "complete"],
  ];
  for (const [at, state] of cuts) {
    Deno.writeFileSync(events, whole.subarray(0, at));
    const calls = ["status", "result", "wait", "watch"]
      .map((verb) => [verb, turnId]).concat([["list-turns"]]);
    const ran = await Promise.all(calls.map((args) => lab.chat(args)));
    const [status, result, , watched, listed] = ran.map(({ stdout }) => stdout);
    const code = state === "complete" ? 0 : 1;
    assertEquals(ran.map(({ code }) => code), [0, code, code, code, 0]);
    assertEquals(JSON.parse(status!).state, state, `cut at ${at}`);
    assertEquals(JSON.parse(listed!).turns[0].state, state);
    assertStringIncludes(watched!, `[${state}]`);
    assertEquals(result, at > bytes(end) ? "You said: hällo\n" : "");
    ran.forEach(assertTold);
  }
  assertStringIncludes(Deno.readTextFileSync(out), "hällo");
});

Deno.test("D19 where both markers are, done counts, and status says so", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello");
  Deno.writeTextFileSync(lab.turn(turnId).error, "");
  const status = await lab.json("status", turnId);
  assertEquals(status.state, "complete");
  assertStringIncludes(status.warning, "both markers");
  assertEquals((await turnsOf(lab))[turnId].state, "complete");
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
  const { stdout } = await lab.chat(["result", turnId]);
  assertEquals(stdout, "You said: hello\n");
  // A result of the other marker is not believed: what the events say is.
  const failed = { ...lab.result(turnId), status: "failed", text: "lie" };
  Deno.writeTextFileSync(lab.turn(turnId).result, JSON.stringify(failed));
  const result = await lab.json("result", turnId, "--json");
  assertEquals([result.status, result.text], ["complete", "You said: hello"]);
});

Deno.test("D20 whatever else lies among the turns is ignored and stays", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello");
  const turns = join(rootOf(lab), "turns");
  const id = "01a00000-0000-7000-8000-000000000000";
  const stray = [".DS_Store", "README", id, "x\n\u001b[2Jy", "lost+found"];
  for (const name of stray) {
    Deno.writeTextFileSync(join(turns, name), "mine");
  }
  await runIn(lab, ["mkfifo", join(turns, "pipe"), join(turns, ".pipe")]);
  Deno.mkdirSync(join(turns, "notes"));
  Deno.writeTextFileSync(join(turns, "notes/meta.json"), "{}");
  Deno.mkdirSync(join(turns, `${id}.bak`));
  const before = Array.from(Deno.readDirSync(turns), ({ name }) => name);
  assertEquals(Object.keys(await turnsOf(lab)), [turnId]);
  assertEquals((await lab.json("status")).turn_id, turnId);
  assertEquals((await lab.json("status", id)).state, "missing");
  assertEquals((await lab.chat(["wait", id])).code, 6);
  assertEquals((await lab.chat(["cancel", id])).code, 6);
  const next = await lab.run("again");
  const swept = await lab.json("gc", "--days", "0", "--json");
  assertEquals(swept.removed.toSorted(), [turnId, next].sort());
  const after = Array.from(Deno.readDirSync(turns), ({ name }) => name);
  assertEquals(after.sort(), before.filter((name) => name !== turnId).sort());
  // The lab would take them for turns.
  for (const name of [...stray, "pipe"]) Deno.removeSync(join(turns, name));
});

Deno.test("D21 after setup turns run although Deno's cache cannot be written", async () => {
  await using lab = await openLab();
  const skill = await copySkill(join(lab.home.home, "plugin"));
  // A cache that holds nothing but what setup puts there.
  const env = { DENO_DIR: join(lab.home.home, "deno") };
  await setUp(lab, skill, env);
  const under = withReadOnly(env.DENO_DIR);
  const launcher = join(rootOf(lab), "bin/codex-server");
  const probe = [...under, "touch", join(env.DENO_DIR, "touched")];
  assert((await runIn(lab, probe)).code !== 0, "the cache is read-only");
  for (const engine of ["app-server", "sdk"]) {
    const args = ["new", "--wait", "--engine", engine, "hello"];
    const ran = await runIn(lab, [...under, launcher, ...args], { env });
    assertEquals(ran.code, 0, ran.stderr);
    assertStringIncludes(ran.stdout, "You said: hello");
    assertTold(ran);
  }
});
