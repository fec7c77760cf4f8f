/** Killing a worker as nothing else would, and what must be true afterwards. */
import { assert, assertEquals } from "@std/assert";
import {
  assertSoon,
  isAlive,
  type Lab,
  processesOf,
  SOON_MS,
  until,
} from "../lab.ts";

/** The pid that the worker signed meta.json with, once it has. */
export async function workerOf(lab: Lab, turnId: string): Promise<number> {
  const pid = () => {
    const meta = JSON.parse(Deno.readTextFileSync(lab.turn(turnId).meta));
    return meta.pid as number | null;
  };
  await until(() => pid() !== null, "the worker to sign meta.json");
  return pid()!;
}

/** Ends the worker with SIGKILL and returns when it was killed, by performance.now. */
export async function killWorker(lab: Lab, turnId: string): Promise<number> {
  const pid = await workerOf(lab, turnId);
  assert(isAlive(pid), "the worker lives when it is killed");
  Deno.kill(pid, "SIGKILL");
  return performance.now();
}

/**
 * After the worker's death `wait` and `status` say `abandoned`, no process of the home is
 * left, and the model's stream is closed, all of it long before the turn would have ended.
 */
export async function assertAbandoned(
  lab: Lab,
  turnId: string,
  killedAt: number,
): Promise<void> {
  const [waited, status] = await Promise.all([
    lab.chat(["wait", turnId]),
    lab.json("status", turnId),
  ]);
  assertSoon(performance.now() - killedAt, "telling of the death");
  assertEquals(status.state, "abandoned");
  assertEquals(waited.code, 1);
  assert(/abandoned/.test(waited.stderr), waited.stderr);
  await assertNothingLeft(lab, SOON_MS);
}

/** Every process that was started in the home ends, and every stream of the model is closed. */
export async function assertNothingLeft(
  lab: Lab,
  limitMs = 60_000,
): Promise<void> {
  const left = () => processesOf(lab.home.home);
  await until(() => left().length === 0, "every process to end", limitMs)
    .catch((error) => {
      throw new Error(`${error.message}: ${JSON.stringify(left())}`);
    });
  await until(() => lab.server.openStreams === 0, "the stream to close");
}
