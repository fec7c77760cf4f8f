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

/**
 * Runs a command line, plain and with `--json`, that must be refused,
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
  const plain = await lab.chat(args, options);
  assertEquals(plain.code, exit, `${name}: ${plain.stderr.slice(0, 400)}`);
  assertEquals(plain.stdout, "", name);
  assertMatch(plain.stderr, /^codex-server: [^\n]+ — [^\n]+\n$/, name);
  assert(plain.stderr.length < 1000, `${name}: a line of one screen`);
  if (says) assertMatch(plain.stderr, says, name);

  const [verb = "", ...rest] = args;
  const json = await lab.chat([verb, "--json", ...rest], options);
  assertEquals(json.code, exit, name);
  assertEquals(json.stdout, "", name);
  const { error } = JSON.parse(json.stderr);
  assertEquals(error.code, code, name);
  assert(error.message !== "" && error.hint !== "", name);
  assertEquals(turnEntries(lab), before, `${name} left something behind`);
}
