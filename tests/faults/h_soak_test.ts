/** H: a long day of short turns. */
import { assert, assertEquals } from "@std/assert";
import { markersOf } from "../../assets/lib/turns/markers.ts";
import { isLockHeld } from "../../assets/lib/system/lock.ts";
import { filesBelow } from "./process_table.ts";
import { type Lab, openLab, processesOf, until } from "../lab.ts";
import { assertNothingLeft } from "../worker/killed.ts";
import { FULL, times } from "./fault.ts";
import { openFiles, peakMib, residentMib } from "./process_cost.ts";

/** How many turns are under way at a time. */
const LANES = 3;

/** What a turn of the soak took. */
interface Taken {
  /** Resident memory of its worker at its highest, in MiB. */
  workerMib: number;
  /** Bytes that its directory holds. */
  bytes: number;
}

const average = (values: number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Runs one turn and looks at its worker while it lives. */
async function runTurn(lab: Lab, index: number): Promise<Taken> {
  const turnId = await lab.start(`turn ${String(index).padStart(4, "0")}`);
  const paths = lab.turn(turnId);
  let workerMib = 0;
  await until(
    () => {
      const pid = JSON.parse(Deno.readTextFileSync(paths.meta)).pid;
      if (pid !== null) workerMib = Math.max(workerMib, peakMib(pid));
      return markersOf(paths).done || markersOf(paths).error;
    },
    "the end of a turn",
    60_000,
  );
  await until(() => !isLockHeld(paths.lock), "the worker to go");
  assert(markersOf(paths).done, Deno.readTextFileSync(paths.log));
  assert(workerMib > 0, "the worker was seen");
  return { workerMib, bytes: bytesBelow(paths.dir) };
}

const bytesBelow = (dir: string): number =>
  Array.from(filesBelow(dir), (path) => Deno.statSync(path).size)
    .reduce((sum, size) => sum + size, 0);

/** What lies in the state root besides the turns and one note for each thread. */
function restOf(root: string): string[] {
  return Array.from(filesBelow(root), (path) => path.slice(root.length + 1))
    .filter((path) => !/^turns\/[0-9a-f-]{36}\/|^threads\/[0-9a-f]/.test(path))
    .sort();
}

Deno.test("H4 turn after turn: nothing grows, and nothing is left", async () => {
  await using lab = await openLab();
  const root = `${lab.home.home}/.codex-server`;
  const count = times(40, 1000);
  // Two that stay all day: a worker whose model is silent, and who follows it.
  const long = await lab.start("play hang words=1");
  const tail = lab.spawn(["tail", "--follow", long]);
  const followed = tail.output();
  await until(
    () => /lost/.test(Deno.readTextFileSync(lab.turn(long).out)),
    "the long turn to speak",
  );
  const taken: Taken[] = [];
  let started = 0;
  const lane = async (until: number) => {
    while (started < until) taken.push(await runTurn(lab, started++));
  };
  const lanes = (until: number) =>
    Promise.all(Array.from({ length: LANES }, () => lane(until)));
  await lanes(LANES); // whatever is made once is there now
  const stayers = {
    worker: JSON.parse(Deno.readTextFileSync(lab.turn(long).meta)).pid,
    tail: tail.pid,
  };
  const look = () => ({
    processes: processesOf(lab.home.home).length,
    files: Object.values(stayers).map(openFiles),
    mib: Object.values(stayers).map(residentMib),
    rest: restOf(root),
  });
  const before = look();
  await lanes(count);
  await until(
    () => processesOf(lab.home.home).length <= before.processes,
    "the processes of the turns to end",
  );
  const after = look();

  assertEquals(taken.length, count);
  assertEquals(after.processes, before.processes);
  assertEquals(after.files, before.files);
  assertEquals(after.rest, before.rest);
  const tenth = Math.max(4, Math.floor(count / 10));
  const [first, last] = [taken.slice(0, tenth), taken.slice(-tenth)];
  const mib = (some: Taken[]) => average(some.map((one) => one.workerMib));
  const bytes = (some: Taken[]) => average(some.map((one) => one.bytes));
  if (FULL) {
    console.log(`H4: ${count} turns`, {
      workerMib: [mib(first), mib(last)],
      directoryBytes: [bytes(first), bytes(last)],
      ...{ before, after },
    });
  }
  assert(mib(last) <= mib(first) * 1.1, `${mib(first)} → ${mib(last)} MiB`);
  assert(bytes(last) <= bytes(first) * 1.1, `${bytes(first)} → ${bytes(last)}`);
  after.mib.forEach((mib, at) =>
    assert(mib <= before.mib[at]! + 8, `${before.mib} → ${after.mib} MiB`)
  );
  await lab.chat(["cancel", long]);
  assertEquals((await followed).code, 1);
  await assertNothingLeft(lab);
});
