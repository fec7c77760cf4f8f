import { assertEquals } from "@std/assert";
import { isLockHeld, takeLock } from "../../assets/lib/system/lock.ts";
import { stateRoot } from "../../assets/lib/system/paths.ts";
import { passRefreshGate } from "../../assets/lib/worker/refresh_gate.ts";
import { until } from "../lab.ts";
import { withHome } from "../turns/state_home.ts";

/** A login whose token ran out long ago. */
function loginThatIsDue(home: string): void {
  const token = `x.${btoa(JSON.stringify({ exp: 1 }))}.x`;
  Deno.mkdirSync(`${home}/.codex`);
  Deno.writeTextFileSync(
    `${home}/.codex/auth.json`,
    JSON.stringify({ tokens: { access_token: token } }),
  );
}

Deno.test(
  "a turn that is stopped does not wait for another one's refresh, before or while it stands there",
  withHome(async (home) => {
    loginThatIsDue(home);
    const path = `${stateRoot()}/refresh.lock`;
    const held = await takeLock(path);
    const stop = new AbortController();
    const waiting = passRefreshGate(stop.signal);
    stop.abort();
    await waiting;
    await passRefreshGate(stop.signal);
    held.release();
    await until(() => !isLockHeld(path), "the gate to be open for others");
    assertEquals(isLockHeld(path), false);
  }),
);

Deno.test(
  "review A23: where a refresh was waited for in vain just now, the next turn does not hold the gate shut again",
  withHome(async (home) => {
    loginThatIsDue(home);
    const { signal } = new AbortController();
    await (await takeLock(`${stateRoot()}/refresh.lock`)).release();
    Deno.writeTextFileSync(`${stateRoot()}/refresh.vain`, "");
    await passRefreshGate(signal);
    assertEquals(isLockHeld(`${stateRoot()}/refresh.lock`), false);
  }),
);
