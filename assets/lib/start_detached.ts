/**
 * Starts the program of its arguments, a script that becomes a worker, and ends: for a
 * caller that may run Deno but not the script.
 */
import { spawnDetached } from "./system/spawn.ts";

spawnDetached(Deno.args[0]!, Deno.args.slice(1));
