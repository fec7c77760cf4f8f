/**
 * `deno task faults [--full] [ID…]`: injects every fault of the catalogue, prints one line
 * for each and closes with `survived N of M`. With `--full` the counts are long ones, and
 * the table in references/reliability.md is written anew.
 */
import { fromFileUrl, join } from "@std/path";
import { walk } from "@std/fs/walk";
import { writeBlock } from "../marked_block.ts";
import { IDS } from "./catalogue.ts";
import { faultTable } from "./table.ts";
import { parseJunit, verdictLine, verdictOn } from "./verdicts.ts";

const TESTS = fromFileUrl(new URL("..", import.meta.url));
/** A test that is named after a fault. */
const NAMED = /["'`][A-I]\d+ /;

const full = Deno.args.includes("--full");
const chosen = Deno.args.filter((arg) => arg !== "--full");
const unknown = chosen.filter((id) => !IDS.includes(id));
if (unknown.length > 0) {
  console.error(`Not in the catalogue: ${unknown.join(", ")}`);
  Deno.exit(2);
}
const ids = chosen.length > 0 ? chosen : IDS;

/** Test files that name a fault. */
async function files(): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of walk(TESTS, { match: [/_test\.ts$/] })) {
    if (NAMED.test(Deno.readTextFileSync(path))) found.push(path);
  }
  return found.sort();
}

/** Runs the tests and returns the JUnit report and what was printed. */
async function run(): Promise<{ junit: string; output: string }> {
  const directory = Deno.makeTempDirSync();
  const report = join(directory, "report.xml");
  try {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "-A", "--no-check", "--quiet", "--parallel"],
        `--junit-path=${report}`,
        ...["--filter", `/^(?:${ids.join("|")}) /`],
        ...await files(),
      ],
      // Most tests wait most of the time; two files at once keep two cores busy.
      env: { FAULTS_FULL: full ? "1" : "0", NO_COLOR: "1", DENO_JOBS: "2" },
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return {
      junit: Deno.readTextFileSync(report),
      output: text(stdout) + text(stderr),
    };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

console.error(`Injecting ${ids.length} faults; all of them take some minutes`);
const { junit, output } = await run();
const cases = parseJunit(junit);
const verdicts = new Map(ids.map((id) => [id, verdictOn(id, cases)]));
const all = [...verdicts.values()];
const survived = all.filter(({ kind }) => kind === "survived").length;
const failed = all.some(({ kind }) => kind === "failed");
if (failed || full) console.log(output.replace(/^/gm, "  "));
for (const [id, verdict] of verdicts) console.log(verdictLine(id, verdict));
const summary = `survived ${survived} of ${ids.length}`;
if (full && chosen.length === 0) {
  const text = `${summary}\n\n${faultTable(verdicts)}`;
  await writeBlock("references/reliability.md", "faults", text);
}
console.log(summary);
Deno.exit(failed ? 1 : 0);
