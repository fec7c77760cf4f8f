/**
 * How many turns run at once: one lock file a slot, held by the worker that uses it. Who
 * comes when all are in use draws a ticket, a held lock too, named by its turn: only who
 * finds no older ticket held may look for a slot. So turns are served in the order in which
 * they were started, and one that is killed or cancelled holds nobody up.
 */
import { sleep, whenAborted } from "../system/clock.ts";
import {
  ensurePrivateDir,
  entriesOf,
  removeIfExists,
} from "../system/files.ts";
import {
  type HeldLock,
  lockState,
  makeHeldLock,
  tryTakeLock,
  whenLockFree,
} from "../system/lock.ts";
import { slotsDir, ticketsDir } from "../system/paths.ts";
import { isTurnId } from "./turn_id.ts";

/** How often the first in the queue looks for a free slot, in ms. */
const LOOK_MS = 50;

const ticketOf = (turnId: string) => `${ticketsDir()}/${turnId}`;

function tryTakeSlot(count: number): HeldLock | null {
  for (let slot = 0; slot < count; slot++) {
    const lock = tryTakeLock(`${slotsDir()}/${slot}`);
    if (lock) return lock;
  }
  return null;
}

/**
 * The youngest ticket that is older than that of `turnId` and held, or null: `turnId` is
 * the first. What the dead have left is taken away.
 */
function ticketBefore(turnId: string): string | null {
  const older = entriesOf(ticketsDir()).map(({ name }) => name)
    .filter((name) => isTurnId(name) && name < turnId).sort().reverse();
  for (const name of older) {
    const state = lockState(ticketOf(name));
    if (state === "held") return ticketOf(name);
    // It was made with its lock held, so nobody will ever hold it again.
    if (state === "free") removeIfExists(ticketOf(name));
  }
  return null;
}

/**
 * Takes one of as many slots as `count` says at each look, for `turnId`. Where that must be
 * waited for, `onQueue` is called once. Null when `signal` fires first.
 */
export async function takeSlot(
  turnId: string,
  { count, onQueue, signal }: {
    count: () => number;
    onQueue: () => void;
    signal: AbortSignal;
  },
): Promise<HeldLock | null> {
  ensurePrivateDir(slotsDir());
  ensurePrivateDir(ticketsDir());
  using ticket = makeHeldLock(ticketOf(turnId));
  try {
    for (let queued = false; !signal.aborted; queued = true) {
      const before = ticketBefore(turnId);
      const slot = before === null ? tryTakeSlot(count()) : null;
      if (slot) return slot;
      if (!queued) onQueue();
      await (before === null
        ? sleep(LOOK_MS, signal)
        : Promise.race([whenLockFree(before), whenAborted(signal)]));
    }
    return null;
  } finally {
    removeIfExists(ticketOf(turnId));
    ticket.release();
  }
}
