import { assert, assertEquals } from "@std/assert";
import { waitForTurn } from "../../assets/lib/turns/wait.ts";
import { times } from "../faults/fault.ts";
import { isAlive, type Lab, openLab, processesOf, until } from "../lab.ts";
import { codexPidOf, metaOf } from "./turn_text.ts";

/** How many workers are killed with each engine, and how many turns run at a time. */
const KILLS = times(15, 150);
const AT_ONCE = 5;
/** A turn is killed at a random moment up to so long after its worker lives, in ms. */
const LATEST_MS = 1200;
/**
 * A waiter knows of the death after so long, and codex is gone, in ms; on a slow machine
 * after so many bare starts of Deno, timed beside the kills.
 */
const TOLD = { ms: 1000, starts: 10 };
const GONE = { ms: 2000, starts: 20 };

/** What one kill led to. */
interface Killed {
  turnId: string;
  /** What a waiter was told, and how long after the kill. */
  state: string;
  toldMs: number;
  /** How often the model was asked. */
  requests: number;
  /** By how much its codex outlived it. */
  goneMs: number;
}

/** Kills the worker of a new turn at a random moment. */
async function killOne(
  lab: Lab,
  engine: string,
  index: number,
): Promise<Killed> {
  // Any moment from the worker's start on, or one when codex waits for the model: it would
  // not notice by itself then that its worker is gone.
  const waits = index % 2 === 0;
  const play = waits ? "hang words=3" : "text words=60 over=3000";
  const prompt = `play ${play} nonce=${crypto.randomUUID()}`;
  const turnId = await lab.start(prompt, "--engine", engine);
  const told = waitForTurn(turnId).then(({ state }) => ({
    state,
    at: performance.now(),
  }));
  await until(() => metaOf(lab, turnId).pid !== null, "the worker to sign");
  const { pid } = metaOf(lab, turnId);
  const asked = () =>
    lab.server.turns().filter((request) => request.prompt === prompt).length;
  if (waits) await until(() => asked() > 0, "the model to be asked");
  await new Promise((resolve) =>
    setTimeout(resolve, Math.random() * LATEST_MS)
  );
  assert(isAlive(pid), "the worker lives when it is killed");
  Deno.kill(pid, "SIGKILL");
  const killedAt = performance.now();
  await until(() => !isAlive(pid), "the worker to die");
  // Codex may note its pid in the moment after its worker died.
  const lives = () => isAlive(codexPidOf(lab, turnId) ?? 0);
  await until(() => !lives(), "codex to end");
  const goneMs = performance.now() - killedAt;
  const { state, at } = await told;
  return {
    turnId,
    state,
    toldMs: at - killedAt,
    requests: asked(),
    goneMs,
  };
}

/** How long a bare start of Deno takes now, in ms. */
async function bareStart(): Promise<number> {
  const started = performance.now();
  await new Deno.Command(Deno.execPath(), { args: ["eval", ""] }).output();
  return performance.now() - started;
}

/** Kills again and again; tells what each kill led to and what was left in the end. */
async function killOften(engine: string) {
  await using lab = await openLab();
  const outer = Deno.env.get("HOME")!;
  Deno.env.set("HOME", lab.home.home); // where the waiters look
  try {
    const killed: Killed[] = [];
    const left: string[] = [];
    let startMs = 0;
    while (killed.length < KILLS) {
      const batch = Array.from(
        { length: AT_ONCE },
        (_, index) => killOne(lab, engine, index),
      );
      startMs = Math.max(startMs, await bareStart());
      for (const result of await Promise.allSettled(batch)) {
        if (result.status === "rejected") throw result.reason;
        killed.push(result.value);
      }
      const processes = () => processesOf(lab.home.home);
      await until(() => processes().length === 0, "processes")
        .catch(() => left.push(JSON.stringify(processes())));
    }
    await until(() => lab.server.openStreams === 0, "the streams")
      .catch(({ message }) => left.push(message));
    const { turns } = await lab.json("list-turns", "--limit", "1000");
    const states = turns.map((turn: { state: string }) => turn.state);
    const limit = ({ ms, starts }: typeof TOLD) =>
      Math.max(ms, starts * startMs);
    return { killed, left, states, limit };
  } finally {
    Deno.env.set("HOME", outer);
  }
}

for (const engine of ["app-server", "sdk"]) {
  // Two questions about the same kills.
  let kills: ReturnType<typeof killOften> | null = null;
  const killing = () => kills ??= killOften(engine);

  Deno.test(`A3 a worker killed at any moment is abandoned within a second, ${KILLS} times of ${KILLS} (${engine})`, async () => {
    const { killed, states, limit } = await killing();
    assertEquals(killed.length, KILLS);
    const ofEach = <T>(value: T) => killed.map(() => value);
    assertEquals(killed.map(({ state }) => state), ofEach("abandoned"));
    assertEquals(states, ofEach("abandoned"), "no id is lost");
    const late = killed.filter(({ toldMs }) => toldMs > limit(TOLD));
    assertEquals(late, [], "told too late");
    assertEquals(killed.filter(({ requests }) => requests > 1), []);
  });

  Deno.test(`A18 a worker killed at any moment leaves no codex after 2 s, ${KILLS} times of ${KILLS} (${engine})`, async () => {
    const { killed, left, limit } = await killing();
    assertEquals(killed.length, KILLS);
    const late = killed.filter(({ goneMs }) => goneMs > limit(GONE));
    assertEquals(late, [], "gone too late");
    assertEquals(left, []);
  });
}
