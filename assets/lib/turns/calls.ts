/**
 * Calls that are starting turns: each holds one lock, shared, while it does. Workers that
 * are about to start let them finish first (`start_worker.sh`), so that twenty calls at
 * once return before twenty workers take the processor.
 */
import { tryTakeLock } from "../system/lock.ts";
import { callsPath } from "../system/paths.ts";

/** Registers this call until it is disposed of; null where that is impossible. */
export function joinCalls(): Disposable | null {
  try {
    return tryTakeLock(callsPath(), { shared: true });
  } catch {
    // Before the first turn its directory does not exist.
    return null;
  }
}
