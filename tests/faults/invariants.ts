/** What must be true of a state directory whatever was killed in it, and when. */
import { assertEquals } from "@std/assert";
import { lstatIfExists } from "../../assets/lib/system/files.ts";
import { isLockHeld } from "../../assets/lib/system/lock.ts";
import { START_GRACE_MS } from "../../assets/lib/turns/state.ts";
import { type Lab, until } from "../lab.ts";
import { assertNothingLeft } from "../worker/killed.ts";

/** Every state that never changes again, as a turn without a fault in its files reaches it. */
const OVER = ["complete", "failed", "cancelled", "abandoned"];

/** Whether `path` holds one whole JSON document; one that is missing counts as whole. */
function isWholeJson(path: string): boolean {
  try {
    JSON.parse(Deno.readTextFileSync(path));
    return true;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

const sizeOf = (path: string): number | null =>
  lstatIfExists(path)?.size ?? null;

/** What is wrong with the files of a turn, each as a sentence. */
export function tornFiles(lab: Lab, turnId: string): string[] {
  const { meta, result, events, done, error, lock } = lab.turn(turnId);
  const wrong: string[] = [];
  if (sizeOf(meta) === null) {
    wrong.push(
      `meta.json is missing${isLockHeld(lock) ? ", and a worker lives" : ""}`,
    );
  }
  for (const path of [meta, result]) {
    if (!isWholeJson(path)) wrong.push(`${path} is torn`);
  }
  // All that has its end is whole; a partial last line has none yet.
  const lines = Deno.readTextFileSync(events).split("\n").slice(0, -1);
  for (const line of lines) {
    try {
      JSON.parse(line);
    } catch {
      wrong.push(`events.jsonl has ${JSON.stringify(line)}`);
    }
  }
  for (const path of [done, error]) {
    if ((sizeOf(path) ?? 0) > 0) wrong.push(`${path} is not empty`);
  }
  if (sizeOf(done) !== null && sizeOf(error) !== null) {
    wrong.push("both markers are there");
  }
  return wrong.map((what) => `${turnId}: ${what}`);
}

/** The state of every turn of the lab, from one call of `list-turns`. */
export async function statesOf(lab: Lab): Promise<Map<string, string>> {
  const { turns } = await lab.json("list-turns", "--limit", "10000");
  return new Map(
    turns.map((
      turn: { turn_id: string; state: string },
    ) => [turn.turn_id, turn.state]),
  );
}

/**
 * Checks all that must hold once the killing is over, start-up graces included: no file
 * is torn, every turn is over, no model was asked twice for one prompt, and no process of
 * the home is left. Returns the states.
 */
export async function assertSound(lab: Lab): Promise<Map<string, string>> {
  let states = new Map<string, string>();
  const open = () =>
    [...states].filter(([, state]) => !OVER.includes(state)).join(" ");
  await until(
    async () => {
      states = await statesOf(lab);
      return ![...states.values()].includes("running");
    },
    "every turn to be over",
    // The start-up grace of a turn whose worker never came, and the time to look.
    START_GRACE_MS + 15_000,
  ).catch((error) => {
    throw new Error(`${error.message}: ${open()}`);
  });
  assertEquals(open(), "");
  assertEquals(lab.turnIds().flatMap((id) => tornFiles(lab, id)), []);
  const prompts = lab.server.turns().map(({ prompt }) => prompt);
  assertEquals(
    prompts.filter((prompt, at) => prompts.indexOf(prompt) !== at),
    [],
    "prompts that the model got twice",
  );
  await assertNothingLeft(lab, 2000);
  return states;
}

/** Everything below `dir` that only a killed process leaves. */
export function leftoversIn(dir: string): string[] {
  return Array.from(Deno.readDirSync(dir)).flatMap(({ name, isDirectory }) => {
    const path = `${dir}/${name}`;
    if (/^\.(new|gone)-|\.tmp$/.test(name)) return [path];
    return isDirectory ? leftoversIn(path) : [];
  });
}

/** Makes leftovers as old as those that a sweep takes, two minutes. */
export function makeOld(paths: string[]): void {
  const then = new Date(Date.now() - 120_000);
  for (const path of paths) Deno.utimeSync(path, then, then);
}
