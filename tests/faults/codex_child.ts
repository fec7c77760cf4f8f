/** Turns on a codex that misbehaves: what they leave, and what the worker needed for them. */
import { assert } from "@std/assert";
import { pinFake } from "../codex/fake_codex.ts";
import { type Lab, openLab, processesOf, until } from "../lab.ts";
import { workerOf } from "../worker/killed.ts";

/** The engines as `--engine` takes them. */
export const ENGINES = ["sdk", "app-server"] as const;

/** One of them. */
export type EngineName = typeof ENGINES[number];

/** Registers a test for each engine, each with a lab of its own. */
export function eachEngine(
  name: string,
  run: (lab: Lab, engine: EngineName) => Promise<void>,
): void {
  for (const engine of ENGINES) {
    Deno.test(`${name} (${engine})`, async () => {
      await using lab = await openLab();
      await run(lab, engine);
    });
  }
}

/** What a turn left. */
export interface Left {
  turnId: string;
  // deno-lint-ignore no-explicit-any
  result: any;
  events: string;
  out: string;
  log: string;
  /** From the last event to the marker, in ms. */
  markedAfterMs: number;
}

/** Starts a turn on a fake codex. */
export async function startFake(
  lab: Lab,
  engine: EngineName,
  body: string,
  ...flags: string[]
): Promise<string> {
  pinFake(lab, body);
  return await lab.start("hi", "--engine", engine, ...flags);
}

/** Runs a turn on a fake codex to its end; no process may be left then. */
export async function runFake(
  lab: Lab,
  engine: EngineName,
  body: string,
  ...flags: string[]
): Promise<Left> {
  const turnId = await startFake(lab, engine, body, ...flags);
  return await endOf(lab, turnId);
}

/** Waits for the end of a turn and of everything that it started. */
export async function endOf(lab: Lab, turnId: string): Promise<Left> {
  const { stderr } = await lab.chat(["wait", turnId]);
  await until(
    () => processesOf(lab.home.home).length === 0,
    "every process of the turn to end",
    8000,
  ).catch((error) => {
    const left = processesOf(lab.home.home).map(({ command }) => command);
    throw new Error(`${error.message}: ${left.join(", ")}`);
  });
  const { events, out, log, done } = lab.turn(turnId);
  assert(hasMarker(lab, turnId), `wait ended without a marker: ${stderr}`);
  const result = lab.result(turnId);
  const changed = (path: string) => Deno.statSync(path).mtime!.getTime();
  return {
    turnId,
    result,
    events: Deno.readTextFileSync(events),
    out: Deno.readTextFileSync(out),
    log: Deno.readTextFileSync(log),
    markedAfterMs: result.status === "complete"
      ? changed(done) - changed(events)
      : NaN,
  };
}

/** Waits for the turn's marker and returns the most memory that its worker had till then, in MB. */
export async function peakMemory(lab: Lab, turnId: string): Promise<number> {
  const worker = await workerOf(lab, turnId);
  let peak = 0;
  const look = () => {
    try {
      const status = Deno.readTextFileSync(`/proc/${worker}/status`);
      const kilobytes = status.match(/^VmHWM:\s+(\d+)/m)?.[1];
      if (kilobytes) peak = Number(kilobytes) / 1000;
    } catch {
      // The worker has ended.
    }
  };
  await until(
    () => {
      look();
      return hasMarker(lab, turnId);
    },
    "the marker",
    240_000,
  );
  look();
  return Math.round(peak);
}

function hasMarker(lab: Lab, turnId: string): boolean {
  const { done, error } = lab.turn(turnId);
  return [done, error].some((path) => {
    try {
      return Deno.lstatSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** The lines of an events.jsonl, parsed: every one of them must be JSON. */
// deno-lint-ignore no-explicit-any
export const eventsIn = (text: string): any[] =>
  text.trimEnd().split("\n").map((line) => JSON.parse(line));

/** How many bytes a text takes. */
export const bytesOf = (text: string): number =>
  new TextEncoder().encode(text).length;
