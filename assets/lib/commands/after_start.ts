/** `--follow` and `--wait` of `new` and `continue`: staying until the end. */
import type { Invocation } from "../cli/command.ts";
import { followTurn } from "./tail.ts";
import { waitAndPrint } from "./wait.ts";

/** Returns at once, or with the exit code of the turn. */
export async function afterStart(
  { turnId, after }: { turnId: string; after: "return" | "follow" | "wait" },
  invocation: Invocation,
): Promise<number> {
  if (after === "follow") return await followTurn(turnId, invocation);
  if (after === "wait") return await waitAndPrint(turnId, invocation);
  return 0;
}
