/** Everything that the bench measures, round by round. */

import { join } from "@std/path";
import { isLockHeld } from "../../assets/lib/system/lock.ts";
import { until } from "../lab.ts";
import { bareTurn } from "../bare_client.ts";
import { crowdSessions, crowdTurns, type Session } from "./crowd.ts";
import { residentMb } from "./processes.ts";
import {
  elapsed,
  makespan,
  markerSeen,
  openStage,
  type Stage,
} from "./stage.ts";
import { byteToStdout, idleCost, markerToExit } from "./watchers.ts";

/** How many turns there are where there are many. */
export const TURNS = 1000;
/** How many sessions of codex's there are where there are many. */
export const SESSIONS = 10_000;
/** How many calls come at once. */
export const CROWD = 20;
const IDLE_MS = 10_000;
const PROMPT = "play instant";

const noTimes = () => ({
  bare: [] as number[],
  crowd: [] as number[],
  new: [] as number[],
  newCrowd: [] as number[],
  turn: [] as number[],
  turnSdk: [] as number[],
  firstText: [] as number[],
  bareText: [] as number[],
  exec: [] as number[],
  status: [] as number[],
  listTurns: [] as number[],
  newest: [] as number[],
  oldest: [] as number[],
  resident: [] as number[],
  marker: [] as number[],
  byte: [] as number[],
  idle: [] as number[],
});

/** What was measured, a number each time: in ms, `resident` in MB, `idle` in percent of a core. */
export type Times = ReturnType<typeof noTimes>;

/** Measures everything `rounds` times; `tell` hears how far it is. */
export async function measure(
  rounds: number,
  tell: (progress: string) => void,
): Promise<Times> {
  await using plain = await openStage();
  await using crowded = await openStage();
  const empty = join(plain.lab.home.home, "empty.ts");
  Deno.writeTextFileSync(empty, "");
  const finished = await plain.lab.run(PROMPT);

  tell(`${TURNS} turns and ${SESSIONS} sessions are being made`);
  const first = await crowded.lab.run(PROMPT);
  crowdTurns(crowded.lab, first, TURNS);
  const session = crowdSessions(
    crowded.lab,
    crowded.lab.result(first).thread_id,
    SESSIONS,
  );
  await continueIn(crowded, session, "oldest"); // codex takes stock of them once

  const times = noTimes();
  for (let round = 1; round <= rounds; round += 1) {
    tell(`round ${round} of ${rounds}`);
    const bareRun = () => plain.run(Deno.execPath(), ["run", "-q", empty]);
    times.bare.push(elapsed(await bareRun()));
    const { returned, ended, firstText } = await turn(plain, ["new", PROMPT]);
    times.new.push(returned);
    times.crowd.push(makespan(await atOnce(bareRun)));
    times.newCrowd.push(await newAtOnce(plain));
    times.turn.push(ended);
    times.firstText.push(firstText);
    const { startedAt, seen } = await bareTurn(plain.lab, PROMPT);
    times.bareText.push(seen[0]!.at - startedAt);
    const sdk = await turn(plain, ["new", "--engine", "sdk", PROMPT]);
    times.turnSdk.push(sdk.ended);
    times.exec.push(elapsed(
      await plain.run(plain.lab.codex, ["exec", "--experimental-json"], PROMPT),
    ));
    times.status.push(elapsed(
      await plain.run(plain.launcher, ["status", finished]),
    ));
    times.listTurns.push(elapsed(
      await crowded.run(crowded.launcher, [
        "list-turns",
        "--limit",
        String(TURNS),
      ]),
    ));
    times.newest.push(await continueIn(crowded, session, "newest"));
    times.oldest.push(await continueIn(crowded, session, "oldest"));
    times.resident.push(await waitingWorker(plain));
    times.marker.push(await markerToExit(plain, finished));
    times.byte.push(...await byteToStdout(plain, finished, 4));
  }
  tell("idle waiters");
  times.idle.push(...await idleCost(plain, finished, 5, IDLE_MS));
  return times;
}

/** Starts a turn and waits for its marker; all times count from the start, in ms. */
async function turn(
  { lab, launcher, run }: Stage,
  args: string[],
): Promise<{ returned: number; ended: number; firstText: number }> {
  const calledAt = Date.now();
  const started = await run(launcher, args);
  const { turn_id } = JSON.parse(started.stdout);
  const seen = await markerSeen(lab.turn(turn_id).dir);
  await gone(lab.turn(turn_id).lock);
  // The turn's own figure counts from its start, which comes a little after the call.
  const { metrics } = lab.result(turn_id);
  const { started_at } = JSON.parse(
    Deno.readTextFileSync(lab.turn(turn_id).meta),
  );
  return {
    returned: elapsed(started),
    ended: seen - started.started,
    firstText: Date.parse(started_at) - calledAt + metrics.first_text_ms,
  };
}

/** Does it as often as CROWD says, all at once. */
const atOnce = <T>(action: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: CROWD }, action));

/** How long it takes until all of many calls of `new` at once have returned, in ms. */
async function newAtOnce({ lab, launcher, run }: Stage): Promise<number> {
  const calls = await atOnce(() => run(launcher, ["new", PROMPT]));
  for (const { stdout } of calls) {
    const { dir, lock } = lab.turn(JSON.parse(stdout).turn_id);
    await markerSeen(dir);
    await gone(lock);
  }
  return makespan(calls);
}

/** How long `continue --last` takes to return when its session has this place among the others, in ms. */
async function continueIn(
  stage: Stage,
  session: Session,
  age: "newest" | "oldest",
): Promise<number> {
  session.touch(age);
  return (await turn(stage, ["continue", "--last", PROMPT])).returned;
}

/** Resident memory of a worker and its guardian while the model keeps them waiting, in MB. */
async function waitingWorker({ lab, launcher, run }: Stage): Promise<number> {
  const asked = lab.server.turns().length;
  const { stdout } = await run(launcher, ["new", "play hang"]);
  const { turn_id } = JSON.parse(stdout);
  await lab.server.waitFor((server) => server.turns().length > asked);
  const { pid } = JSON.parse(Deno.readTextFileSync(lab.turn(turn_id).meta));
  const mb = residentMb(pid, (command) => command.includes("guardian.sh"));
  await run(launcher, ["cancel", turn_id]);
  await gone(lab.turn(turn_id).lock);
  return mb;
}

/** Waits until the worker has gone, so that it disturbs nobody. */
const gone = (lock: string): Promise<void> =>
  until(() => !isLockHeld(lock), "a worker to end");
