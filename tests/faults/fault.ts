/**
 * What the fault tests share. A test is named after the fault that it injects, `A1 …`, and
 * lies in the file of its letter; `deno task faults` reports one line for each fault.
 */

/** Whether the long counts were asked for (`deno task faults --full`). */
export const FULL: boolean = Deno.env.get("FAULTS_FULL") === "1";

/** How often something is done: `quick` as a rule, `full` when the long counts were asked for. */
export const times = (quick: number, full: number): number =>
  FULL ? full : quick;
