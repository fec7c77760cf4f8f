/** Turns that ask: started, and waited for until they do. */
import { assertEquals, assertMatch } from "@std/assert";
import type { Lab } from "../lab.ts";

export const ASK = ["--approvals", "ask"];

/** Waits until this request of a turn waits. */
export async function asks(
  lab: Lab,
  turnId: string,
  request = "r1",
): Promise<void> {
  const waited = await lab.chat(["wait", "--until-input", turnId]);
  assertEquals(waited.code, 8, waited.stderr);
  assertMatch(waited.stdout, new RegExp(`^${request} `));
}

/** Starts a turn and waits until it asks. */
export async function startAsking(
  lab: Lab,
  prompt: string,
  flags: string[] = ASK,
): Promise<string> {
  const turnId = await lab.start(prompt, ...flags);
  await asks(lab, turnId);
  return turnId;
}

/** Waits for a turn that completes. */
export async function finished(lab: Lab, turnId: string): Promise<void> {
  const { code, stderr } = await lab.chat(["wait", turnId]);
  assertEquals(code, 0, stderr);
}
