/** What tests of live turns look for in a turn's files. */
import { parseEvents } from "../../assets/lib/events/jsonl.ts";
import type { Lab } from "../lab.ts";

/** out.txt. */
export const outOf = (lab: Lab, turnId: string): string =>
  Deno.readTextFileSync(lab.turn(turnId).out);

/** Every event of the turn. */
// deno-lint-ignore no-explicit-any
export const eventsOf = (lab: Lab, turnId: string): Record<string, any>[] =>
  parseEvents(Deno.readTextFileSync(lab.turn(turnId).events));

// deno-lint-ignore no-explicit-any
export const metaOf = (lab: Lab, turnId: string): any =>
  JSON.parse(Deno.readTextFileSync(lab.turn(turnId).meta));

/** The pid that codex runs under, once it has been noted. */
export function codexPidOf(lab: Lab, turnId: string): number | null {
  try {
    const note = Deno.readTextFileSync(`${lab.turn(turnId).dir}/codex.pid`);
    return note === "" ? null : Number(note.split(" ")[0]);
  } catch {
    return null;
  }
}
