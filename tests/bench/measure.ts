/** Everything that the bench measures, round by round, and the limits that it holds against it. */

import { join } from "@std/path";
import { isLockHeld } from "../../assets/lib/system/lock.ts";
import { until } from "../lab.ts";
import { bareTurn } from "../bare_client.ts";
import { crowdSessions, crowdTurns, type Session } from "./crowd.ts";
import { residentMb } from "./processes.ts";
import { atMost, atMostOver, atMostTimes, type Row, row } from "./report.ts";
import { elapsed, markerSeen, openStage, type Stage } from "./stage.ts";
import { byteToStdout, idleCost, markerToExit } from "./watchers.ts";

const TURNS = 1000;
const SESSIONS = 10_000;
const IDLE_MS = 10_000;
const PROMPT = "play instant";

/** Measures everything `rounds` times; `tell` hears how far it is. */
export async function measure(
  rounds: number,
  tell: (progress: string) => void,
): Promise<Row[]> {
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

  const times = {
    bare: [] as number[],
    new: [] as number[],
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
  };
  for (let round = 1; round <= rounds; round += 1) {
    tell(`round ${round} of ${rounds}`);
    times.bare.push(elapsed(
      await plain.run(Deno.execPath(), ["run", "-q", empty]),
    ));
    const { returned, ended, firstText } = await turn(plain, ["new", PROMPT]);
    times.new.push(returned);
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
  const idle = await idleCost(plain, finished, 5, IDLE_MS);

  const bare = row("`deno run` of an empty file", "ms", times.bare);
  const bareText = row(
    "bare app-server client, first text",
    "ms",
    times.bareText,
  );
  const exec = row("`codex exec`, start to exit", "ms", times.exec);
  const onBare = "bare deno";
  return [
    bare,
    row(
      "`new`",
      "ms",
      times.new,
      atMostTimes(3.5, bare, onBare),
      atMost("max", 1000, "ms"),
    ),
    row("`status`", "ms", times.status, atMostTimes(3.5, bare, onBare)),
    row(
      `\`list-turns\`, ${TURNS} turns`,
      "ms",
      times.listTurns,
      atMostTimes(5, bare, onBare),
    ),
    row(
      `\`continue\`, newest of ${SESSIONS} sessions`,
      "ms",
      times.newest,
      atMost("median", 300, "ms"),
    ),
    row(
      `\`continue\`, oldest of ${SESSIONS} sessions`,
      "ms",
      times.oldest,
      atMost("median", 300, "ms"),
    ),
    exec,
    row(
      "whole turn, `new` to marker",
      "ms",
      times.turn,
      atMostTimes(1.25, exec, "`codex exec`"),
    ),
    row(
      "whole turn through the SDK",
      "ms",
      times.turnSdk,
      atMostTimes(1.35, exec, "`codex exec`"),
    ),
    bareText,
    row(
      "`new` to first text",
      "ms",
      times.firstText,
      atMostOver(150, bareText, "the bare client"),
    ),
    row(
      "waiting worker with guardian",
      "MB",
      times.resident,
      atMost("max", 60, "MB"),
    ),
    row(
      "marker to exit of `wait`",
      "ms",
      times.marker,
      atMost("p90", 50, "ms"),
    ),
    row(
      "byte to `tail --follow`'s stdout",
      "ms",
      times.byte,
      atMost("p90", 50, "ms"),
    ),
    row("idle `wait`, `tail --follow`", "%", idle, atMost("max", 0.2, "%")),
  ];
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
