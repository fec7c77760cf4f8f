import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type HeldLock,
  makeHeldLock,
  takeLock,
} from "../../assets/lib/system/lock.ts";
import { inspectTurn } from "../../assets/lib/turns/inspect.ts";
import { START_GRACE_MS } from "../../assets/lib/turns/state.ts";
import { setMarker } from "../../assets/lib/turns/markers.ts";
import {
  readMeta,
  removeTurn,
  writeMeta,
} from "../../assets/lib/turns/store.ts";
import { waitForTurn } from "../../assets/lib/turns/wait.ts";
import { makeTurn, withHome } from "./state_home.ts";

const stateOf = (turnId: string) => inspectTurn(turnId).state;

/** Signs meta.json as a worker does. */
function sign(paths: Parameters<typeof readMeta>[0]): void {
  const reading = readMeta(paths);
  if (reading.kind === "ok") writeMeta(paths, { ...reading.meta, pid: 77 });
}

Deno.test(
  "what lies on disk tells the state, step by step",
  withHome(async () => {
    const { turnId, paths } = makeTurn();
    assertEquals(stateOf(turnId), "running");
    const lock = await takeLock(paths.lock);
    sign(paths);
    assertEquals(stateOf(turnId), "running");
    lock.release();
    assertEquals(stateOf(turnId), "abandoned");
    Deno.writeTextFileSync(
      paths.events,
      '{"type":"turn.completed","usage":{}}\n{"type":"turn.failed","er',
    );
    assertEquals(stateOf(turnId), "complete");
    Deno.writeTextFileSync(paths.error, "");
    assertEquals(stateOf(turnId), "failed");
    Deno.writeTextFileSync(paths.result, '{"status":"cancelled"}');
    assertEquals(stateOf(turnId), "cancelled");
    Deno.writeTextFileSync(paths.done, "");
    assertEquals(stateOf(turnId), "complete");
    assertEquals(inspectTurn(turnId).conflicting, true);
    removeTurn(turnId);
    assertEquals(stateOf(turnId), "missing");
  }),
);

/** Too old for a worker that has not come. */
const LATE = { agoMs: START_GRACE_MS + 1 };

Deno.test(
  "F24 a turn whose worker is on its way is running, however long that takes",
  withHome(async () => {
    // The lock on its stdin tells.
    const { turnId, paths } = makeTurn({}, { agoMs: 100 * START_GRACE_MS });
    const coming = await takeLock(paths.prompt);
    assertEquals(stateOf(turnId), "running");
    makeHeldLock(paths.lock).release();
    assertEquals(stateOf(turnId), "abandoned");
    coming.release();
  }),
);

Deno.test(
  "A2 who first finds a turn abandoned makes it final; until then its worker may come, however late",
  withHome(() => {
    assertEquals(
      stateOf(makeTurn({}, { agoMs: START_GRACE_MS - 9_000 }).turnId),
      "running",
    );
    const told = makeTurn({}, LATE);
    assertEquals(stateOf(told.turnId), "abandoned");
    assertThrows(
      () => makeHeldLock(told.paths.lock),
      Deno.errors.AlreadyExists,
    );
    assertEquals(stateOf(told.turnId), "abandoned");

    const untold = makeTurn({}, LATE);
    {
      using _worker = makeHeldLock(untold.paths.lock);
      assertEquals(stateOf(untold.turnId), "running");
    }
    assertEquals(stateOf(untold.turnId), "abandoned");

    const future = makeTurn({}, { agoMs: -2 * START_GRACE_MS });
    assertEquals(stateOf(future.turnId), "abandoned");
  }),
);

/** Runs `look`, and `between` right after it has found that there is no lock. */
function withWorkerBetween<T>(between: () => void, look: () => T): T {
  const open = Deno.openSync;
  const now = Date.now;
  Deno.openSync = (path, options) => {
    if (!String(path).endsWith("/lock")) return open(path, options);
    Deno.openSync = open;
    try {
      return open(path, options);
    } finally {
      between();
    }
  };
  try {
    return look();
  } finally {
    Deno.openSync = open;
    Date.now = now;
  }
}

Deno.test(
  "a worker that comes while somebody looks, and stands still past the grace, is not dead",
  withHome(() => {
    const { turnId, paths } = makeTurn();
    const worker: { lock?: HeldLock } = {};
    const state = withWorkerBetween(() => {
      worker.lock = makeHeldLock(paths.lock);
      sign(paths);
      const later = Date.now() + START_GRACE_MS + 1;
      Date.now = () => later;
    }, () => stateOf(turnId));
    assertEquals(state, "running");
    assert(worker.lock, "the worker has come");
    worker.lock.release();
    assertEquals(stateOf(turnId), "abandoned");
  }),
);

Deno.test(
  "a turn that was just listed is looked at all the same",
  withHome(() => {
    const { turnId, paths } = makeTurn();
    const listed = () => inspectTurn(turnId, { listed: true }).state;
    assertEquals(listed(), "running");
    Deno.writeTextFileSync(paths.error, "");
    assertEquals(listed(), "failed");
    Deno.writeTextFileSync(paths.done, "");
    assertEquals(listed(), "complete");
  }),
);

Deno.test(
  "a worker that died before its marker leaves the end that its events tell",
  withHome(() => {
    const { turnId, paths } = makeTurn();
    sign(paths);
    const failed = { type: "turn.failed", error: { message: "no" } };
    Deno.writeTextFileSync(paths.events, JSON.stringify(failed) + "\n");
    assertEquals(stateOf(turnId), "failed");
  }),
);

Deno.test(
  "a waiter sees a marker, a deadline, a death and a deletion",
  withHome(async () => {
    const marked = makeTurn();
    const held = await takeLock(marked.paths.lock);
    const early = await waitForTurn(marked.turnId, { timeoutMs: 20 });
    assertEquals(early.state, "running");
    const seen = waitForTurn(marked.turnId);
    setMarker(marked.paths, "done");
    assertEquals((await seen).state, "complete");
    held.release();

    const dying = makeTurn();
    const lock = await takeLock(dying.paths.lock);
    sign(dying.paths);
    const death = waitForTurn(dying.turnId);
    lock.release();
    assertEquals((await death).state, "abandoned");

    const going = makeTurn();
    const gone = waitForTurn(going.turnId);
    removeTurn(going.turnId);
    assertEquals((await gone).state, "missing");
  }),
);

Deno.test(
  "a turn that cannot be looked at is corrupt, and a fault of ours is none of the turn's",
  withHome(() => {
    const { turnId, paths } = makeTurn();
    Deno.removeSync(paths.events);
    Deno.mkdirSync(paths.events);
    const { state, meta } = inspectTurn(turnId);
    assertEquals([state, meta.kind], ["corrupt", "corrupt"]);
    assertThrows(() => inspectTurn("../x"), TypeError);
  }),
);
