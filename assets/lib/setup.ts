/**
 * The entry that sets codex-server up: the command `setup` for those who have no launcher
 * yet. It does its work under
 * `deno run --allow-read --allow-write --allow-env --allow-run=mise,codex,which setup.ts`
 * and never prompts; under `deno run -A` it verifies more.
 */
import { main } from "./cli/main.ts";
import { writeStderr, writeStdout } from "./system/stdio.ts";

const streams = { stdout: writeStdout, stderr: writeStderr };
Deno.exit(await main(["setup", ...Deno.args], streams));
