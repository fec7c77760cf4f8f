/** What happens after `new` has looked at everything, and before the worker starts codex. */
import { assert, assertEquals } from "@std/assert";
import { type Lab, openLab, pinCodex, until } from "../lab.ts";

/** A lab whose only slot is taken, so that every worker waits before it starts codex. */
export interface Queue extends AsyncDisposable {
  lab: Lab;
  /** Pins another codex for the turns that are started from now on. */
  pin(codex: string): void;
  /** Lets the turns run, one after the other; returns when they could, ms since the epoch. */
  open(): Promise<number>;
}

/** Opens such a lab. */
export async function openQueue(): Promise<Queue> {
  const lab = await openLab({ maxConcurrent: 1 });
  const first = await lab.start("play hang");
  await until(() => lab.server.openStreams === 1, "the slot to be taken");
  return {
    lab,
    pin: (codex) => pinCodex(lab.home.home, codex, { maxConcurrent: 1 }),
    open: async () => {
      assertEquals((await lab.chat(["cancel", first])).code, 0);
      return endOf(lab, first);
    },
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  };
}

/** When a turn that did not end well got its marker, ms since the epoch. */
export const endOf = (lab: Lab, turnId: string): number =>
  Deno.statSync(lab.turn(turnId).error).mtime!.getTime();

/** Waits for the end of a turn that must fail; how it did, and what `wait` said of it. */
export async function failureOf(lab: Lab, turnId: string) {
  const { code, stdout, stderr } = await lab.chat(["wait", turnId]);
  assertEquals([code, stdout], [1, ""], stderr);
  assert(Deno.statSync(lab.turn(turnId).error).isFile);
  const { error } = lab.result(turnId);
  // Once: by the end of out.txt, or by the line behind it.
  assert(stderr.includes(error.message.replace(/\s+/g, " ")), stderr);
  return error as { code: string; message: string; hint: string };
}
