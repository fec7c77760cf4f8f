import { assert, assertEquals } from "@std/assert";
import { isAlive, type Lab, openLab, processesOf, until } from "../lab.ts";
import { codexPidOf, metaOf } from "./turn_text.ts";

/** How many workers are killed with each engine, and how many turns run at a time. */
const KILLS = 50;
const AT_ONCE = 5;
/** A turn is killed at a random moment up to so long after its worker lives, in ms. */
const LATEST_MS = 1200;
/** Codex is gone so long after its worker's death, in ms. */
const GONE_MS = 2000;

/** Kills the worker of a new turn at a random moment; tells when codex was gone. */
async function killOne(lab: Lab, engine: string): Promise<number> {
  const turnId = await lab.start(
    "play text words=60 over=3000",
    ...["--engine", engine],
  );
  await until(() => metaOf(lab, turnId).pid !== null, "the worker to sign");
  const { pid } = metaOf(lab, turnId);
  await new Promise((resolve) =>
    setTimeout(resolve, Math.random() * LATEST_MS)
  );
  assert(isAlive(pid), "the worker lives when it is killed");
  Deno.kill(pid, "SIGKILL");
  const killedAt = performance.now();
  await until(() => !isAlive(pid), "the worker to die");
  // Codex may note its pid in the moment after its worker died.
  const left = () =>
    [codexPidOf(lab, turnId) ?? 0].some((codex) => codex > 0 && isAlive(codex));
  await until(() => !left(), `the codex of ${turnId} to end`, GONE_MS);
  return performance.now() - killedAt;
}

for (const engine of ["app-server", "sdk"]) {
  Deno.test(`a worker killed at any moment leaves no codex after 2 s, ${KILLS} times of ${KILLS} (${engine})`, async () => {
    await using lab = await openLab();
    const gone: number[] = [];
    while (gone.length < KILLS) {
      const batch = Array.from(
        { length: AT_ONCE },
        () => killOne(lab, engine),
      );
      const settled = await Promise.allSettled(batch);
      for (const result of settled) {
        if (result.status === "rejected") throw result.reason;
        gone.push(result.value);
      }
      await until(
        () => processesOf(lab.home.home).length === 0,
        "every process to end",
        GONE_MS,
      ).catch((error) => {
        const left = JSON.stringify(processesOf(lab.home.home));
        throw new Error(`${error.message}: ${left}`);
      });
    }
    assertEquals(gone.length, KILLS);
    await until(() => lab.server.openStreams === 0, "the streams to close");
    const states = new Set<string>();
    for (const turnId of lab.turnIds()) {
      states.add((await lab.json("status", turnId)).state);
    }
    assertEquals([...states], ["abandoned"]);
  });
}
