/** Runs git for a command without permission to: `git.ts DIRECTORY [[ARG…]…]`, answers as JSON. */
import { runGit } from "./system/git.ts";
import { writeStdout } from "./system/stdio.ts";

const [directory = ".", calls = "[]"] = Deno.args;
writeStdout(JSON.stringify(await runGit(directory, JSON.parse(calls))));
