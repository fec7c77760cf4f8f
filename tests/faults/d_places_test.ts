import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { resultOf } from "../../assets/lib/commands/verdict.ts";
import { statIfExists } from "../../assets/lib/system/files.ts";
import { isLockHeld } from "../../assets/lib/system/lock.ts";
import { inspectTurn } from "../../assets/lib/turns/inspect.ts";
import { type Lab, openLab, processesOf, until } from "../lab.ts";
import { idAt } from "../turns/state_home.ts";
import { assertNothingLeft, workerOf } from "../worker/killed.ts";
import { removeInUse } from "./remove_in_use.ts";
import {
  BOUND_BY_MODES,
  chatIn,
  runIn,
  turnWithoutWorker,
  withUmask,
  workerCommand,
} from "./under.ts";

const ENGINES = ["app-server", "sdk"] as const;
/** A user that is not the one of the tests. */
const OTHER = 65534;

const rootOf = (lab: Lab) => join(lab.home.home, ".codex-server");

/** Moves the lab's state root elsewhere and leaves a link in its place. */
function moveRoot(lab: Lab, name: string): string {
  const target = join(lab.home.home, name);
  Deno.renameSync(rootOf(lab), target);
  Deno.symlinkSync(target, rootOf(lab));
  return target;
}

/** The command is refused as unsafe, with a hint; returns the hint. */
async function hintOf(lab: Lab, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await lab.chat([...args, "--json"]);
  assertEquals([code, stdout], [7, ""], stderr);
  const { error } = JSON.parse(stderr);
  assertEquals(error.code, "unsafe_root", stderr);
  return error.hint;
}

/** Does in a shell what a hint says. */
async function mend(lab: Lab, hint: string): Promise<void> {
  const { code, stderr } = await runIn(lab, ["sh", "-c", hint]);
  assertEquals(code, 0, `${hint}: ${stderr}`);
}

Deno.test("D6 a state root that is a link is used where its target has the same owner, else refused", async () => {
  await using lab = await openLab();
  const target = moveRoot(lab, "elsewhere");
  const turnId = await lab.run("hello");
  assertEquals(lab.result(turnId).status, "complete");
  assert(Deno.statSync(join(target, "turns", turnId)).isDirectory);

  const before = Array.from(Deno.readDirSync(target), ({ name }) => name);
  Deno.chownSync(target, OTHER, OTHER);
  const hint = await hintOf(lab, "new", "hello");
  assertEquals(await hintOf(lab, "gc"), hint);
  assertEquals(await hintOf(lab, "status"), hint);
  const after = Array.from(Deno.readDirSync(target), ({ name }) => name);
  assertEquals(after, before);
  assertEquals(Deno.statSync(target).uid, OTHER);
  await mend(lab, hint);
  assertEquals(after, before);
  assertEquals((await lab.chat(["list-turns"])).code, 0);

  Deno.symlinkSync(join(lab.home.home, "nowhere"), rootOf(lab));
  await mend(lab, await hintOf(lab, "list-turns"));
  assertEquals((await lab.chat(["list-turns"])).code, 0);
});

Deno.test("D7 a state root that others may write, or that is another user's, is refused until the command of the hint has run", async () => {
  await using lab = await openLab();
  await lab.run("hello");
  const turns = join(rootOf(lab), "turns");
  const faults = [
    () => Deno.chmodSync(rootOf(lab), 0o777),
    () => Deno.chmodSync(rootOf(lab), 0o720),
    () => Deno.chmodSync(turns, 0o702),
    () => Deno.chownSync(rootOf(lab), OTHER, OTHER),
    () => Deno.chownSync(turns, OTHER, OTHER),
  ];
  for (const [number, inject] of faults.entries()) {
    inject();
    const hint = await hintOf(lab, "new", "again");
    assertEquals(await hintOf(lab, number % 2 ? "gc" : "status"), hint);
    await mend(lab, hint);
    assertEquals((await lab.chat(["status"])).code, 0, hint);
  }
  assertEquals(lab.server.turns().length, 1);
  await lab.run("again");
});

for (const umask of ["000", "022", "777"]) {
  Deno.test(`D8 whatever a turn leaves under umask ${umask} is 0700 or 0600`, async () => {
    await using lab = await openLab();
    const options = { under: [...BOUND_BY_MODES, ...withUmask(umask)] };
    const at = (...args: string[]) => chatIn(lab, args, options);
    const schema = join(lab.home.home, "schema.json");
    Deno.writeTextFileSync(schema, '{"type":"object"}');
    const flags = ["--trace", "--key", "k", "--write", "--schema", schema];
    const speaking = await at("new", ...flags, "play patch name=a.txt");
    assertEquals(speaking.code, 0, speaking.stderr);
    const hanging = JSON.parse((await at("new", "play hang")).stdout).turn_id;
    await until(() => lab.server.openStreams > 0, "the turn to run");
    assertEquals((await at("cancel", hanging)).code, 0);
    await at("wait", JSON.parse(speaking.stdout).turn_id);
    assertEquals((await at("gc")).code, 0);
    await until(
      () => lab.turnIds().every((id) => !isLockHeld(lab.turn(id).lock)),
      "the workers to go",
    );
    const wrong: string[] = [];
    const seen: string[] = [];
    const walk = (path: string) => {
      const { mode, isDirectory } = Deno.lstatSync(path);
      seen.push(path.slice(path.lastIndexOf("/") + 1));
      if ((mode! & 0o777) !== (isDirectory ? 0o700 : 0o600)) {
        wrong.push(`${path} ${(mode! & 0o777).toString(8)}`);
      }
      if (!isDirectory) return;
      for (const { name } of Deno.readDirSync(path)) walk(join(path, name));
    };
    walk(rootOf(lab));
    assertEquals(wrong, []);
    for (const name of ["worker.log", "rpc.jsonl", "cancel", "last-sweep"]) {
      assert(seen.includes(name), `${name} was looked at`);
    }
  });
}

Deno.test("D9 a link in the place of a turn's file stops the turn, and what it leads to stays as it is", async () => {
  await using lab = await openLab();
  const precious = join(lab.home.home, "precious");
  const names = ["out.txt", "events.jsonl", "worker.log", "rpc.jsonl", "lock"]
    .concat("control", "codex.pid", "result.json");
  await Promise.all(names.map(async (name) => {
    const isDirectory = name === "control";
    const target = `${precious}-${name}`;
    if (isDirectory) Deno.mkdirSync(target);
    const kept = isDirectory ? join(target, "1.request.json") : target;
    Deno.writeTextFileSync(kept, "mine", { mode: 0o640 });
    const turnId = turnWithoutWorker(lab, "hello", { trace: true });
    const path = join(lab.turn(turnId).dir, name);
    await Deno.remove(path, { recursive: true }).catch(() => {}); // the worker makes it
    Deno.symlinkSync(target, path);
    await runIn(lab, workerCommand(lab, turnId));
    assertEquals(Deno.readTextFileSync(kept), "mine", name);
    assertEquals(Deno.statSync(kept).mode! & 0o777, 0o640, name);
    assertEquals((await lab.json("status", turnId)).state, "failed", name);
  }));
  assertEquals(lab.server.turns(), []);
});

Deno.test("D9 a link that is planted while codex starts is not written through", async () => {
  await using lab = await openLab();
  const target = join(lab.home.home, "precious");
  Deno.writeTextFileSync(target, "mine");
  for (const engine of ENGINES) {
    const turnId = turnWithoutWorker(lab, "hello", { engine });
    const { dir, log } = lab.turn(turnId);
    const worker = runIn(lab, workerCommand(lab, turnId));
    // Between the look at the directory and the start of codex.
    const begun = () => (statIfExists(log)?.size ?? 0) > 0;
    await until(begun, "the worker to begin");
    for (const name of ["codex.pid", "result.json", "diff.patch"]) {
      try {
        Deno.symlinkSync(target, join(dir, name));
      } catch {
        // The worker was faster; the next engine's may not be.
      }
    }
    await worker;
    assertEquals(Deno.readTextFileSync(target), "mine", engine);
  }
});

Deno.test("D9 links among the turns are no turns and are not followed by a sweep", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello");
  const target = join(lab.home.home, "precious");
  Deno.mkdirSync(target);
  Deno.writeTextFileSync(join(target, "done"), "mine");
  const turns = join(rootOf(lab), "turns");
  const id = "01a00000-0000-7000-8000-000000000000";
  const long = new Date(Date.now() - 1e9);
  for (const name of [id, `.new-${id}`, `.gone-${turnId}`, `.gone-${id}`]) {
    Deno.symlinkSync(target, join(turns, name));
    const path = join(turns, name);
    await runIn(lab, ["touch", "-h", "-d", long.toISOString(), path]);
  }
  for (const verb of ["status", "tail", "cancel"]) {
    assertEquals((await lab.chat([verb, id])).code, 6, verb);
  }
  const swept = await lab.json("gc", "--days", "0", "--json");
  assertEquals(swept.removed, [turnId]);
  assertEquals(Deno.readTextFileSync(join(target, "done")), "mine");
  const left = Array.from(Deno.readDirSync(turns), ({ name }) => name);
  assertEquals(left, [id]);
});

for (const engine of ENGINES) {
  Deno.test(`D10 a turn whose directory is deleted ends with its codex, and the directory is not made again (${engine})`, async () => {
    await using lab = await openLab({ maxConcurrent: 1 });
    const prompts = ["play sleep seconds=77", "play hang words=3"];
    for (const prompt of prompts) {
      const turnId = await lab.start(prompt, "--write", "--engine", engine);
      const asleep = () =>
        processesOf(lab.home.home).some(({ command }) =>
          command.startsWith("sleep 77")
        );
      await until(
        () => prompt.includes("sleep") ? asleep() : lab.server.openStreams > 0,
        "the turn to run",
      );
      const queued = await lab.start("hello", "--engine", engine);
      await workerOf(lab, queued);
      for (const id of [queued, turnId]) {
        await removeInUse(lab.turn(id).dir);
      }
      await assertNothingLeft(lab, 10_000);
      assertEquals([...Deno.readDirSync(join(rootOf(lab), "turns"))], []);
      assertEquals((await lab.json("status", turnId)).state, "missing");
    }
    assert(lab.server.turns().every(({ prompt }) => prompt !== "hello"));
  });
}

Deno.test("D11 gc never touches a turn that runs, waits in line or is about to start", async () => {
  await using lab = await openLab({ maxConcurrent: 1 });
  const running = await lab.start("play hang");
  await until(() => lab.server.openStreams > 0, "the turn to run");
  const queued = await lab.start("hello");
  await workerOf(lab, queued);
  const starting = turnWithoutWorker(lab, "hello");
  const swept = await lab.json("gc", "--days", "0", "--json");
  assertEquals([swept.removed, swept.kept], [[], 3]);
  const late = runIn(lab, workerCommand(lab, starting));
  await lab.chat(["cancel", running]);
  for (const id of [queued, starting]) {
    const { code, stderr } = await lab.chat(["wait", id]);
    assertEquals(code, 0, stderr);
  }
  await late;
});

Deno.test("D12 readers of a turn that gc removes finish, or say that it is missing", async () => {
  await using lab = await openLab();
  const verbs = [["tail", "--follow"], ["wait"], ["watch"], ["status"]]
    .concat([["result"], ["tail"], ["list-turns"]]);
  const turnIds = await Promise.all([1, 2, 3].map(() => lab.run("hello")));
  const readers = turnIds.flatMap((id) =>
    verbs.map((verb) =>
      lab.chat(verb[0] === "list-turns" ? verb : [...verb, id])
    )
  );
  const sweep = lab.chat(["gc", "--days", "0"]);
  for (const { code, stdout, stderr } of await Promise.all(readers)) {
    assert([0, 6].includes(code), `${code} ${stderr}`);
    assertEquals(/file:\/\/|\bat /.test(stdout + stderr), false, stderr);
  }
  assertMatch((await sweep).stdout, /^Removed 3 turns/);
});

Deno.test("D12 a turn that is swept while it is looked at is missing, never corrupt", async () => {
  await using lab = await openLab();
  const ago = Date.now() - 8 * 24 * 60 * 60 * 1000;
  const turnIds = Array.from({ length: 400 }, (_, index) => {
    const turn_id = idAt(ago - index);
    return turnWithoutWorker(lab, "hello", { turn_id, pid: 77 });
  });
  const home = Deno.env.get("HOME")!;
  Deno.env.set("HOME", lab.home.home);
  try {
    const sweep = lab.spawn(["gc"]);
    let ended = false;
    sweep.output().then(() => ended = true);
    const states = new Set<string>();
    while (!ended) {
      for (const id of turnIds) {
        const inspection = inspectTurn(id, { listed: true });
        states.add(inspection.state);
        resultOf(id, inspection);
      }
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    assertEquals([...states].sort(), ["abandoned", "missing"]);
  } finally {
    Deno.env.set("HOME", home);
  }
});
