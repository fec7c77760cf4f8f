import { assert, assertEquals } from "@std/assert";
import { entriesOf } from "../../assets/lib/system/files.ts";
import { makeHeldLock, takeLock } from "../../assets/lib/system/lock.ts";
import { slotsDir, threadsDir } from "../../assets/lib/system/paths.ts";
import { sweep } from "../../assets/lib/turns/gc.ts";
import { claimKey } from "../../assets/lib/turns/keys.ts";
import { takeSlot } from "../../assets/lib/turns/slots.ts";
import { listTurnIds, removeTurn } from "../../assets/lib/turns/store.ts";
import {
  isThreadId,
  lastTurnOf,
  recordThread,
} from "../../assets/lib/turns/threads.ts";
import { idAt, makeTurn, withHome } from "./state_home.ts";

const THREAD = "01a1fe8e-d5c8-77c3-a907-824799b88933";
const DAY_MS = 24 * 60 * 60 * 1000;

Deno.test(
  "no path is built from what is not a thread id",
  withHome(() => {
    for (
      const text of ["../x", "", "lock", THREAD.toUpperCase(), `${THREAD}\n`]
    ) {
      assertEquals(isThreadId(text), false);
      recordThread(text, "x");
      assertEquals(lastTurnOf(text), null);
    }
  }),
);

Deno.test(
  "a key names the turn that it made, as long as that is there",
  withHome(async () => {
    const { turnId } = makeTurn();
    {
      using claim = await claimKey("../../etc/passwd");
      assertEquals(claim.turnId, null);
      claim.record(turnId, "asked");
    }
    {
      using claim = await claimKey("../../etc/passwd");
      assertEquals(claim.turnId, turnId);
    }
    {
      using other = await claimKey("other");
      assertEquals(other.turnId, null);
    }
    removeTurn(turnId);
    using claim = await claimKey("../../etc/passwd");
    assertEquals(claim.turnId, null);
  }),
);

Deno.test(
  "slots are bounded, waited for in line, and given up on a signal",
  withHome(async () => {
    const never = new AbortController().signal;
    const at = (ms: number) => idAt(Date.now() + ms);
    const take = (
      turnId: string,
      { onQueue = () => {}, signal = never, count = (): number => 2 } = {},
    ) => takeSlot(turnId, { count, onQueue, signal });
    const first = await take(at(0));
    const second = await take(at(1));
    let queued = 0;
    const onQueue = () => queued++;
    const stop = new AbortController();
    const leaving = take(at(2), { onQueue, signal: stop.signal });
    const waiting = take(at(3), { onQueue });
    stop.abort();
    assertEquals(await leaving, null);
    first!.release();
    const third = await waiting;
    assertEquals(queued, 2);
    // `max_concurrent` grows while one waits.
    let count = 2;
    const fourth = take(at(4), {
      onQueue: () => count = 3,
      count: () => count,
    });
    (await fourth)!.release();
    second!.release();
    third!.release();
    for (const name of ["0", "1"]) {
      (await takeLock(`${slotsDir()}/${name}`)).release();
    }
    assertEquals(entriesOf(`${slotsDir()}/waiting`), []);
  }),
);

Deno.test(
  "review A7: who waits for a slot is served in the order of the turns, whoever comes, is killed or gives up",
  withHome(async () => {
    const never = new AbortController().signal;
    const served: number[] = [];
    const now = Date.now();
    const take = async (n: number, signal = never) => {
      const options = { count: () => 1, onQueue: () => {}, signal };
      const slot = await takeSlot(idAt(now + n), options);
      if (slot === null) return;
      served.push(n);
      // A newcomer that finds the slot free for a moment must not slip in.
      if (n < 40) newcomers.push(take(40 + n));
      await new Promise((resolve) => setTimeout(resolve, 5));
      slot.release();
    };
    const newcomers: Promise<void>[] = [];
    const busy = await takeSlot(idAt(now), {
      count: () => 1,
      onQueue: () => {},
      signal: never,
    });
    // A worker that was killed in the queue has left its ticket, with nobody to hold it.
    makeHeldLock(`${slotsDir()}/waiting/${idAt(now + 1)}`).release();
    const stop = new AbortController();
    const order = Array.from({ length: 16 }, (_, n) => n + 2);
    const waiting = order.map((n) => take(n, n === 5 ? stop.signal : never));
    stop.abort();
    busy!.release();
    await Promise.all(waiting);
    await Promise.all(newcomers);
    const expected = order.filter((n) => n !== 5);
    assertEquals(served, [...expected, ...expected.map((n) => 40 + n)]);
    assertEquals(entriesOf(`${slotsDir()}/waiting`), []);
  }),
);

Deno.test(
  "a sweep takes what is old and dead, and keeps what is young or alive",
  withHome(async () => {
    const old = makeTurn({}, { agoMs: 8 * DAY_MS });
    const alive = makeTurn({}, { agoMs: 8 * DAY_MS });
    const young = makeTurn({}, { agoMs: 6 * DAY_MS });
    recordThread(THREAD, old.turnId);
    using _held = await takeLock(alive.paths.lock);
    const { removed, bytes: sizes } = sweep({ dryRun: true });
    assertEquals(removed, [old.turnId]);
    assert(sizes > 500, "what meta.json and the prompt hold");
    assertEquals(listTurnIds().length, 3);
    assertEquals(sweep(), {
      removed: [old.turnId],
      bytes: sizes,
      refused: [],
      kept: 2,
      skipped: false,
    });
    assertEquals(listTurnIds(), [young.turnId, alive.turnId]);
    assertEquals(lastTurnOf(THREAD), old.turnId);
    const longAgo = new Date(Date.now() - 71 * DAY_MS);
    Deno.utimeSync(`${threadsDir()}/${THREAD}`, longAgo, longAgo);
    sweep();
    assertEquals(lastTurnOf(THREAD), null);
  }),
);

Deno.test(
  "a sweep of a slice takes the oldest",
  withHome(() => {
    const ids = [10, 9, 8].map((days) =>
      makeTurn({}, { agoMs: days * DAY_MS }).turnId
    );
    assertEquals(sweep({ most: 1 }).removed, [ids[0]!]);
    assertEquals(sweep({ most: 0 }).removed, []);
    assertEquals(listTurnIds().length, 2);
  }),
);
