/**
 * `deno task bench [--rounds N] [--write]`: what codex-server costs, side by side with bare Deno and bare codex. Every
 * round measures everything once, in turn, so that a noisy moment falls on all alike. `--write` quotes the table in
 * references/benchmarks.md. Ends with exit code 1 when a limit is missed.
 */

import { parseArgs } from "@std/cli/parse-args";
import { measure } from "./measure.ts";
import { writeBlock } from "../marked_block.ts";
import { allMet, table } from "./report.ts";
import { rowsOf } from "./rows.ts";

const options = parseArgs(Deno.args, {
  string: ["rounds"],
  boolean: ["write"],
  default: { rounds: "15" },
});
const rounds = Math.max(5, Number(options.rounds) || 0);
const rows = rowsOf(await measure(rounds, tell));
const text = `${table(rows)}\n\n${machine(rounds)}`;
console.log(`\n${text}`);
if (options.write) await writeBlock("references/benchmarks.md", "bench", text);
Deno.exit(allMet(rows) ? 0 : 1);

function machine(rounds: number): string {
  const memory = Deno.systemMemoryInfo().total / 2 ** 30;
  const { hardwareConcurrency: cores } = navigator;
  const { os, arch } = Deno.build;
  return `Medians of ${rounds}; ${cores} cores, ${
    memory.toFixed(0)
  } GiB, ${os} ${arch}, Deno ${Deno.version.deno}. The model answers at once, on loopback.`;
}

/** Progress, where a person looks on. */
function tell(text: string): void {
  if (Deno.stderr.isTerminal()) {
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
  }
}
