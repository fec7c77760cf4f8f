/** How soon `wait` and `tail --follow` see what happens in a turn, and what they cost while nothing does. */

import { tryTakeLock } from "../../assets/lib/system/lock.ts";
import { setMarker } from "../../assets/lib/turns/markers.ts";
import { newTurnId } from "../../assets/lib/turns/turn_id.ts";
import type { TurnPaths } from "../../assets/lib/turns/layout.ts";
import { cpuMsBetween, cpuMsByThread } from "./processes.ts";
import type { Stage } from "./stage.ts";

/** By then a command has started and sleeps, in ms. */
const SETTLE_MS = 500;

/** A turn that runs, as far as anybody can see: its lock is held here. */
interface HeldTurn extends Disposable {
  turnId: string;
  paths: TurnPaths;
}

/** Copies the finished turn `template` into one that runs. */
function holdTurn({ lab }: Stage, template: string): HeldTurn {
  const turnId = newTurnId(Date.now());
  const paths = lab.turn(turnId);
  Deno.mkdirSync(paths.control, { recursive: true, mode: 0o700 });
  const meta = Deno.readTextFileSync(lab.turn(template).meta);
  Deno.writeTextFileSync(paths.meta, meta.replaceAll(template, turnId));
  Deno.copyFileSync(lab.turn(template).prompt, paths.prompt);
  Deno.writeTextFileSync(paths.events, "");
  Deno.writeTextFileSync(paths.out, "");
  const lock = tryTakeLock(paths.lock)!;
  return { turnId, paths, [Symbol.dispose]: () => lock.release() };
}

function follow({ lab, launcher }: Stage, args: string[]): Deno.ChildProcess {
  return new Deno.Command(launcher, {
    args,
    cwd: lab.repo,
    clearEnv: true,
    env: lab.env,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

/** From a marker's creation to the exit of `wait`, in ms. */
export async function markerToExit(
  stage: Stage,
  template: string,
): Promise<number> {
  using turn = holdTurn(stage, template);
  const child = follow(stage, ["wait", turn.turnId]);
  await sleep(SETTLE_MS + Math.random() * 250);
  const started = performance.now();
  setMarker(turn.paths, "done");
  await child.status;
  const elapsed = performance.now() - started;
  await child.stdout.cancel();
  return elapsed;
}

/** From a byte's arrival in out.txt to its arrival on the stdout of `tail --follow`, `count` times, in ms. */
export async function byteToStdout(
  stage: Stage,
  template: string,
  count: number,
): Promise<number[]> {
  using turn = holdTurn(stage, template);
  const child = follow(stage, ["tail", "--follow", turn.turnId]);
  const reader = child.stdout.getReader();
  await sleep(SETTLE_MS);
  const latencies: number[] = [];
  for (let i = 0; i < count; i += 1) {
    await sleep(50 + Math.random() * 250);
    const started = performance.now();
    Deno.writeTextFileSync(turn.paths.out, ".", { append: true });
    await reader.read();
    latencies.push(performance.now() - started);
  }
  Deno.writeTextFileSync(turn.paths.done, "");
  await child.status;
  await reader.cancel();
  return latencies;
}

/** What `count` idle `wait` and as many `tail --follow` cost over `ms` milliseconds, in percent of a core. */
export async function idleCost(
  stage: Stage,
  template: string,
  count: number,
  ms: number,
): Promise<number[]> {
  using turn = holdTurn(stage, template);
  const children = Array.from({ length: count }, () => [
    follow(stage, ["wait", turn.turnId]),
    follow(stage, ["tail", "--follow", turn.turnId]),
  ]).flat();
  await sleep(SETTLE_MS + children.length * 150);
  const before = children.map(({ pid }) => cpuMsByThread(pid));
  const started = performance.now();
  await sleep(ms);
  const elapsed = performance.now() - started;
  const costs = children.map(({ pid }, i) =>
    100 * cpuMsBetween(before[i]!, cpuMsByThread(pid)) / elapsed
  );
  Deno.writeTextFileSync(turn.paths.done, "");
  for (const child of children) {
    await child.status;
    await child.stdout.cancel();
  }
  return costs;
}

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));
