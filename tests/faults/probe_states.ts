/**
 * Asks for the state of every turn under HOME, again and again, and prints how often it
 * was told which one. Ends after so many questions, and once the file `enough` is there:
 *   probe_states.ts COUNT ENOUGH
 */
import { lstatIfExists } from "../../assets/lib/system/files.ts";
import { inspectTurn } from "../../assets/lib/turns/inspect.ts";
import { listTurnIds } from "../../assets/lib/turns/store.ts";

const [count, enough] = Deno.args;
const told: Record<string, number> = {};
let asked = 0;
while (asked < Number(count) || !lstatIfExists(enough!)) {
  for (const turnId of listTurnIds()) {
    const { state } = inspectTurn(turnId);
    told[state] = (told[state] ?? 0) + 1;
    asked++;
  }
}
console.log(JSON.stringify(told));
