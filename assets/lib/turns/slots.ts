/**
 * Limits how many turns run at once: one lock file per slot, held by the worker that uses
 * it. Every worker first takes a ticket, a held lock too, named by its turn: only one that
 * finds no older ticket held may take a slot. So turns run in the order in which they were
 * started, and one that is killed or cancelled blocks nobody.
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
 * The youngest held ticket that is older than that of `turnId`, or null if `turnId` is
 * first. Tickets of dead workers are removed.
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
 * Takes one of `count()` slots, evaluated at each look, for `turnId`. If it has to wait,
 * `onQueue` is called once. Null when `signal` fires first.
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
