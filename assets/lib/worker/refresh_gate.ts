/**
 * One refresh at a time. The service accepts a refresh token once; several codex
 * processes that start at its expiry would each use it, and the later ones are logged
 * out, the user with them. So the first one passes a gate alone until auth.json is new.
 */
import { isRefreshDue, loginStamp } from "../codex/token_expiry.ts";
import { Deadline, sleep, wallMs, whenAborted } from "../system/clock.ts";
import { lstatIfExists } from "../system/files.ts";
import { type HeldLock, takeLock } from "../system/lock.ts";
import { stateRoot } from "../system/paths.ts";

/** How long the others wait for a refresh, in ms; a codex that has not done it by then will not. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 50;
/** How long nobody waits again after one has waited in vain, in ms. */
const VAIN_MS = 60_000;

/**
 * Waits for the turn of this worker where a refresh is due. One that passes with it due
 * keeps the gate shut until auth.json has changed, in the background.
 */
export async function passRefreshGate(signal: AbortSignal): Promise<void> {
  if (!isRefreshDue()) return;
  const gate = takeLock(`${stateRoot()}/refresh.lock`);
  const lock = await Promise.race([gate, whenAborted(signal)]);
  if (lock === null) {
    // The lock can still come; others must not wait for us then.
    gate.then((late) => late.release());
    return;
  }
  if (isRefreshDue() && !triedInVain()) {
    holdUntilRefreshed(lock, loginStamp());
  } else lock.release();
}

const vainPath = (): string => `${stateRoot()}/refresh.vain`;

/** A worker has just held the gate shut, and no refresh came: the service might be down. */
function triedInVain(): boolean {
  const at = lstatIfExists(vainPath())?.mtime?.getTime();
  return at !== undefined && Math.abs(wallMs() - at) < VAIN_MS;
}

async function holdUntilRefreshed(
  lock: HeldLock,
  before: number,
): Promise<void> {
  const patience = new Deadline(PATIENCE_MS);
  while (!patience.passed && loginStamp() === before) await sleep(LOOK_MS);
  try {
    if (loginStamp() === before) Deno.writeTextFileSync(vainPath(), "");
  } catch {
    // Then the next one waits as well.
  } finally {
    lock.release();
  }
}
