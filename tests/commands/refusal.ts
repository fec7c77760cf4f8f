/** What every refusal of the command line has in common, checked in one place. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import type { Lab, RunOptions } from "../lab.ts";

/** What a refused call is expected to say. */
export interface Refusal {
  exit: number;
  /** The word under `--json`. */
  code: string;
  /** Something that its line must name. */
  says?: RegExp;
}

/** Everything in the turns directory, what is half-made included. */
function turnEntries(lab: Lab): string[] {
  try {
    return Array.from(
      Deno.readDirSync(join(lab.home.home, ".codex-server/turns")),
      ({ name }) => name,
    ).sort();
  } catch {
    return [];
  }
}

/** How long a refusal may take, in ms. */
const LIMIT_MS = 1000;

async function timed(lab: Lab, args: string[], options: RunOptions) {
  const started = performance.now();
  const ran = await lab.chat(args, options);
  return { ran, elapsed: performance.now() - started };
}

/**
 * Runs a command line, plain and with `--json`, that must be refused: within a second,
 * with one line or one JSON document on stderr, nothing on stdout, and no turn left.
 */
export async function assertRefused(
  lab: Lab,
  args: string[],
  { exit, code, says }: Refusal,
  options: RunOptions = {},
): Promise<void> {
  const name = JSON.stringify(args).slice(0, 200);
  const before = turnEntries(lab);
  // The fastest of a few: a machine that is busy makes one slow, a fault makes all slow.
  let { ran: plain, elapsed } = await timed(lab, args, options);
  for (let more = 0; elapsed >= LIMIT_MS && more < 4; more++) {
    ({ ran: plain, elapsed } = await timed(lab, args, options));
  }
  assertEquals(plain.code, exit, `${name}: ${plain.stderr.slice(0, 400)}`);
  assertEquals(plain.stdout, "", name);
  assertMatch(plain.stderr, /^codex-server: [^\n]+ — [^\n]+\n$/, name);
  assert(plain.stderr.length < 1000, `${name}: a line of one screen`);
  if (says) assertMatch(plain.stderr, says, name);
  assert(elapsed < LIMIT_MS, `${name} took ${Math.round(elapsed)} ms`);

  const [verb = "", ...rest] = args;
  const json = await lab.chat([verb, "--json", ...rest], options);
  assertEquals(json.code, exit, name);
  assertEquals(json.stdout, "", name);
  const { error } = JSON.parse(json.stderr);
  assertEquals(error.code, code, name);
  assert(error.message !== "" && error.hint !== "", name);
  assertEquals(turnEntries(lab), before, `${name} left something behind`);
}
