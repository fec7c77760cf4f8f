/** Turns that are run to their end before the test goes on, ours and codex's own. */
import { assert, assertEquals } from "@std/assert";
import { type Lab, ranOf } from "../lab.ts";

/** Runs a verb that starts a turn, waits until the turn is complete, and returns its id. */
export async function wholeTurn(lab: Lab, ...args: string[]): Promise<string> {
  const { turn_id } = await lab.json(...args);
  const { code, stderr } = await lab.chat(["wait", turn_id]);
  assertEquals(code, 0, stderr);
  return turn_id;
}

/** A turn that the user runs with `codex exec` itself; returns the id of its thread. */
export async function codexExec(lab: Lab, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await ranOf(
    new Deno.Command(lab.codex, {
      args: ["exec", "--json", ...args],
      cwd: lab.repo,
      clearEnv: true,
      env: lab.env,
      stdin: "null",
    }).output(),
  );
  assertEquals(code, 0, stderr);
  const { thread_id } = JSON.parse(stdout.split("\n")[0]!);
  assert(thread_id, stdout);
  return thread_id;
}
