import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { type Lab, openLab, until } from "../lab.ts";
import { FULL, times } from "./fault.ts";
import { each } from "../lanes.ts";
import { fillUp, free, smallDisk } from "./mounted_memory.ts";
import {
  BOUND_BY_MODES,
  chatIn,
  runIn,
  type Timed,
  turnWithoutWorker,
  withReadOnly,
  workerCommand,
} from "./under.ts";

const ENGINES = ["app-server", "sdk"] as const;
const PAGE = 4096;

const rootOf = (lab: Lab) => join(lab.home.home, ".codex-server");

/** What lies in `turns/`, whatever it is. */
const inTurns = (lab: Lab): string[] =>
  Array.from(Deno.readDirSync(join(rootOf(lab), "turns")), ({ name }) => name);

/** The one line of an error: its code, exit code 7, and no stack trace. */
function assertRefused(ran: Timed, code: string): void {
  assertEquals([ran.code, ran.stdout], [7, ""], ran.stderr);
  assertEquals(ran.stderr.trimEnd().split("\n").length, 1, ran.stderr);
  assertEquals(JSON.parse(ran.stderr).error.code, code, ran.stderr);
}

/** The turn is over, with one empty marker, and its meta.json is whole. */
async function assertEnded(lab: Lab, turnId: string): Promise<string> {
  const paths = lab.turn(turnId);
  const markers = ["done", "error"].filter((name) =>
    Array.from(Deno.readDirSync(paths.dir)).some((entry) => entry.name === name)
  );
  assertEquals(markers.length, 1, "one marker");
  assertEquals(Deno.statSync(join(paths.dir, markers[0]!)).size, 0);
  assertEquals(JSON.parse(Deno.readTextFileSync(paths.meta)).turn_id, turnId);
  const { state, reason } = await lab.json("status", turnId);
  assertEquals(reason, undefined);
  assertEquals(state, markers[0] === "done" ? "complete" : "failed");
  return markers[0]!;
}

Deno.test("D1 new on a full disk says so and leaves nothing, with a key too", async () => {
  await using lab = await openLab();
  await using disk = await smallDisk(lab);
  await lab.run("hello", "--key", "first");
  const before = inTurns(lab);
  // Each file that `new` writes takes a page: it fails at the first, at the second, …
  for (const room of [0, PAGE]) {
    free(disk.root);
    fillUp(disk.root, room);
    assertRefused(await chatIn(lab, ["new", "--json", "x"]), "disk_full");
    assertEquals(inTurns(lab), before);
  }
  // Room for the turn, and none for the note of its key: no worker may be running.
  free(disk.root);
  fillUp(disk.root, 2 * PAGE);
  const args = ["new", "--json", "--key", "second", "x"];
  assertRefused(await chatIn(lab, args), "disk_full");
  assertEquals(inTurns(lab), before);
  free(disk.root);
  await lab.run("after", "--key", "second");
  assertEquals(lab.server.turns().map(({ prompt }) => prompt), [
    "hello",
    "after",
  ]);
});

Deno.test("D1 a disk that is full when the worker writes leaves an empty marker and a whole meta.json", async () => {
  await using lab = await openLab();
  await using disk = await smallDisk(lab);
  const ends: string[] = [];
  for (const engine of ENGINES) {
    for (let pages = 0; pages <= times(2, 12); pages++) {
      free(disk.root);
      const prompt = "play text words=200";
      const turnId = turnWithoutWorker(lab, prompt, { engine });
      fillUp(disk.root, pages * PAGE);
      await runIn(lab, workerCommand(lab, turnId));
      ends.push(await assertEnded(lab, turnId));
    }
  }
  assert(ends.includes("error"));
});

/** Runs a turn whose worker's system calls fail as `fault` says, e.g. `write:error=ENOSPC:when=3+`. */
async function runFailing(
  lab: Lab,
  fault: string,
  files: string[] = [],
): Promise<{ turnId: string; failed: boolean }> {
  const turnId = turnWithoutWorker(lab, "hello");
  const log = join(lab.home.home, `${turnId}.strace`);
  const { dir } = lab.turn(turnId);
  await runIn(lab, [
    ...["strace", "-o", log, "-e", `trace=${fault.split(":")[0]}`],
    ...files.flatMap((name) => ["-P", join(dir, name)]),
    ...["-e", `inject=${fault}`],
    ...workerCommand(lab, turnId),
  ]);
  const failed = Deno.readTextFileSync(log).includes("(INJECTED)");
  return { turnId, failed };
}

/** Which call is the first to fail: a few, or with the long counts every one that there is. */
const firstOf = (...quick: number[]): number[] =>
  FULL ? Array.from({ length: 40 }, (_, index) => index + 1) : quick;

async function failEach(
  lab: Lab,
  call: string,
  first: number[],
  files: string[] = [],
): Promise<void> {
  for (const from of first) {
    const fault = `${call}:error=ENOSPC:when=${from}+`;
    const { turnId, failed } = await runFailing(lab, fault, files);
    const marker = await assertEnded(lab, turnId);
    if (!failed) return assertEquals(marker, "done", fault);
  }
}

Deno.test("D1 whichever write, sync or rename of the worker the disk refuses, the turn ends", async () => {
  await using lab = await openLab();
  // meta.json is never written in place: that a call on it could fail is the test.
  const files = ["events.jsonl", "out.txt", "worker.log", "meta.json"];
  await Promise.all([
    failEach(lab, "write", firstOf(1, 3, 6, 12), files),
    failEach(lab, "fdatasync", firstOf(1, 2, 4)),
    failEach(lab, "rename", firstOf(1, 3)),
  ]);
});

Deno.test("D1 a turn that completed is complete although its marker was refused", async () => {
  await using lab = await openLab();
  const { turnId, failed } = await runFailing(lab, "openat:error=ENOSPC", [
    "done",
  ]);
  assert(failed, "the marker was refused");
  const { state } = await lab.json("status", turnId);
  assertEquals(state, "complete");
  const { code, stdout } = await lab.chat(["result", turnId]);
  assertEquals([code, stdout], [0, "You said: hello\n"]);
});

Deno.test("D3 a worker that meets an I/O error on any sync says so and ends its turn", async () => {
  await using lab = await openLab();
  const moments = ["", ...firstOf(1, 2, 4).map((when) => `:when=${when}`)];
  await each(moments, async (when) => {
    const fault = `fdatasync:error=EIO${when}`;
    const { turnId, failed } = await runFailing(lab, fault);
    const marker = await assertEnded(lab, turnId);
    const log = Deno.readTextFileSync(lab.turn(turnId).log);
    if (failed) assertStringIncludes(log, "Input/output error", fault);
    else assertEquals([FULL, marker], [true, "done"], fault);
    const { text } = await lab.json("result", turnId, "--json");
    if (marker === "done") assertEquals(text, "You said: hello", fault);
  });
});

Deno.test("D2 out of inodes new fails cleanly, however many are left", async () => {
  await using lab = await openLab();
  await using disk = await smallDisk(lab, "size=512k,nr_inodes=64");
  await lab.run("hello");
  const before = inTurns(lab);
  const ballast = (number: number) => join(rootOf(lab), `ballast-${number}`);
  let taken = 0;
  const inodesLeft = async () =>
    Number((await runIn(lab, ["stat", "-f", "-c", "%d", disk.root])).stdout);
  while (await inodesLeft() > 0) Deno.createSync(ballast(taken++)).close();
  for (let left = 0;; left++) {
    const ran = await chatIn(lab, ["new", "--json", "x"]);
    Deno.removeSync(ballast(--taken));
    if (ran.code === 0) {
      const turnId = JSON.parse(ran.stdout).turn_id;
      const waited = await lab.chat(["wait", turnId, "--timeout", "120"]);
      assert([0, 1].includes(waited.code), waited.stderr);
      break;
    }
    assert(left < 12);
    assertRefused(ran, "disk_full");
    assertStringIncludes(ran.stderr, "inodes");
    assertEquals(inTurns(lab), before);
  }
});

/** Commands that write, and what a read-only or forbidden place makes of them. */
async function assertForbidden(lab: Lab, under: string[]): Promise<void> {
  for (const key of [[], ["--key", "k"]]) {
    const ran = await chatIn(lab, ["new", "--json", ...key, "x"], { under });
    assertRefused(ran, "permission_denied");
  }
}

Deno.test("D4 in a read-only home new says so, and readers read", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello");
  const under = withReadOnly(lab.home.home);
  await assertForbidden(lab, under);
  for (const args of [["status"], ["wait"], ["result"], ["list-turns"]]) {
    assertEquals((await chatIn(lab, args, { under })).code, 0, args[0]);
  }
  const swept = await chatIn(lab, ["gc", "--json"], { under });
  assertRefused(swept, "permission_denied");
  assertEquals(inTurns(lab), [turnId]);
  // The very first call: nothing is there yet.
  Deno.removeSync(join(rootOf(lab), "turns"), { recursive: true });
  await assertForbidden(lab, under);
});

Deno.test("D5 where the modes forbid to write new says so and starts nothing", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello", "--key", "first");
  const before = inTurns(lab);
  for (const dir of ["turns", "keys"]) {
    const path = join(rootOf(lab), dir);
    Deno.chmodSync(path, 0o500);
    const args = ["new", "--json", "--key", "k", "x"];
    const ran = await chatIn(lab, args, { under: BOUND_BY_MODES });
    Deno.chmodSync(path, 0o700);
    assertRefused(ran, "permission_denied");
    assertEquals(inTurns(lab), before, dir);
  }
  assertEquals(lab.server.turns().length, 1);
  // A turn that may not be read is one that cannot be read: the others are listed.
  const hidden = await lab.run("hidden");
  Deno.chmodSync(lab.turn(hidden).dir, 0);
  const at = (...args: string[]) =>
    chatIn(lab, args, { under: BOUND_BY_MODES });
  const [listed, status, waited] = await Promise.all([
    at("list-turns"),
    at("status", hidden),
    at("wait", hidden),
  ]);
  Deno.chmodSync(lab.turn(hidden).dir, 0o700);
  const states = JSON.parse(listed.stdout).turns.map((
    { turn_id, state }: { turn_id: string; state: string },
  ) => [turn_id, state]);
  assertEquals(states, [[hidden, "corrupt"], [turnId, "complete"]]);
  assertEquals(JSON.parse(status.stdout).state, "corrupt");
  assertMatch(JSON.parse(status.stdout).reason, /[Pp]ermission denied/);
  assertEquals(waited.code, 1, waited.stderr);
});

Deno.test("D5 a worker that may no longer write its directory leaves a turn that is over", async () => {
  await using lab = await openLab();
  const turnId = turnWithoutWorker(lab, "play text words=20 over=1000");
  const command = [...BOUND_BY_MODES, ...workerCommand(lab, turnId)];
  const worker = runIn(lab, command);
  await until(() => lab.server.openStreams > 0, "the turn to run");
  Deno.chmodSync(lab.turn(turnId).dir, 0o500);
  await worker;
  Deno.chmodSync(lab.turn(turnId).dir, 0o700);
  const { state, error } = await lab.json("status", turnId);
  assertEquals(state, "complete", JSON.stringify(error));
});
