/** Turns on a codex that misbehaves: what they leave, and what the worker needed for them. */
import { assert } from "@std/assert";
import { markersOf } from "../../assets/lib/turns/markers.ts";
import { pinFake } from "../codex/fake_codex.ts";
import { type Lab, openLab, until } from "../lab.ts";
import { assertNothingLeft, workerOf } from "../worker/killed.ts";
import { peakMib } from "./process_cost.ts";

/** The engines as `--engine` takes them. */
export const ENGINES = ["sdk", "app-server"] as const;

/** One of them. */
export type EngineName = typeof ENGINES[number];

/** What a test does with turns on a fake codex. */
export interface Stage {
  lab: Lab;
  engine: EngineName;
  /** Starts a turn on this fake codex. */
  start(body: string, ...flags: string[]): Promise<string>;
  /** Runs one to its end; no process may be left then. */
  run(body: string, ...flags: string[]): Promise<Left>;
}

/** Such turns through one engine. */
export function stageOf(lab: Lab, engine: EngineName): Stage {
  const start = (body: string, ...flags: string[]) => {
    pinFake(lab, body);
    return lab.start("hi", "--engine", engine, ...flags);
  };
  const run = async (...turn: Parameters<typeof start>) =>
    await endOf(lab, await start(...turn));
  return { lab, engine, start, run };
}

/** Registers a test for each engine, each with a lab of its own. */
export function eachEngine(
  name: string,
  test: (stage: Stage) => Promise<void>,
): void {
  for (const engine of ENGINES) {
    Deno.test(`${name} (${engine})`, async () => {
      await using lab = await openLab();
      await test(stageOf(lab, engine));
    });
  }
}

/** What a turn left. */
export interface Left {
  // deno-lint-ignore no-explicit-any
  result: any;
  events: string;
  out: string;
  log: string;
  /** From the last event to the marker, in ms. */
  markedAfterMs: number;
}

/** Waits for the end of a turn and of everything that it started. */
export async function endOf(lab: Lab, turnId: string): Promise<Left> {
  const { stderr } = await lab.chat(["wait", turnId]);
  await assertNothingLeft(lab, 8000);
  const { events, out, log, done } = lab.turn(turnId);
  assert(hasMarker(lab, turnId), `wait ended without a marker: ${stderr}`);
  const result = lab.result(turnId);
  const changed = (path: string) => Deno.statSync(path).mtime!.getTime();
  return {
    result,
    events: Deno.readTextFileSync(events),
    out: Deno.readTextFileSync(out),
    log: Deno.readTextFileSync(log),
    markedAfterMs: result.status === "complete"
      ? changed(done) - changed(events)
      : NaN,
  };
}

/** Waits for the turn's marker and returns the most memory that its worker had till then, in MiB. */
export async function peakMemory(lab: Lab, turnId: string): Promise<number> {
  const worker = await workerOf(lab, turnId);
  let peak = 0;
  const look = () => {
    peak = peakMib(worker) || peak; // 0 once it has ended
    return hasMarker(lab, turnId);
  };
  await until(look, "the marker", 240_000);
  look();
  return Math.round(peak);
}

function hasMarker(lab: Lab, turnId: string): boolean {
  const { done, error } = markersOf(lab.turn(turnId));
  return done || error;
}

/** The lines of an events.jsonl, parsed: every one of them must be JSON. */
// deno-lint-ignore no-explicit-any
export const eventsIn = (text: string): any[] =>
  text.trimEnd().split("\n").map((line) => JSON.parse(line));

/** How many bytes a text takes. */
export const bytesOf = (text: string): number =>
  new TextEncoder().encode(text).length;
