/** `--follow` and `--wait` of the verbs that start a turn: staying until the end. */
import type { Invocation } from "../cli/command.ts";
import { later } from "../system/later.ts";

/** Returns at once, or with the exit code of the turn. */
export async function afterStart(
  { turnId, after, timeoutS = null }: {
    turnId: string;
    after: "return" | "follow" | "wait";
    /** How long the caller stays, in seconds; null: to the end. */
    timeoutS?: number | null;
  },
  invocation: Invocation,
): Promise<number> {
  if (after === "follow") {
    const { followTurn } = await later<typeof import("./tail.ts")>(
      "./tail.ts",
      import.meta.url,
    );
    return await followTurn(turnId, invocation, { timeoutS });
  }
  if (after === "wait") {
    const { waitAndPrint } = await later<typeof import("./wait.ts")>(
      "./wait.ts",
      import.meta.url,
    );
    return await waitAndPrint(turnId, invocation, { timeoutS });
  }
  return 0;
}
