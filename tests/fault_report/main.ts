/**
 * `deno task faults [--full] [--write] [ID…]`: injects every fault of the catalogue, or those
 * that are named, prints one line for each and closes with `survived N of M`. With `--full`
 * the counts are long ones; with `--write` the last column of the catalogue, which is the
 * table in references/reliability.md, is new.
 */
import { fromFileUrl, join, relative } from "@std/path";
import { walk } from "@std/fs/walk";
import { ROOT } from "../lab.ts";
import { each, largestFirst } from "../lanes.ts";
import { idsOf, parseJunit, verdictOn, withVerdicts } from "./report.ts";

const CATALOGUE = join(ROOT, "references/reliability.md");
const document = Deno.readTextFileSync(CATALOGUE);
const known = idsOf(document);
const TESTS = fromFileUrl(new URL("..", import.meta.url));
/** A test that is named after a fault. */
const NAMED = /["'`][A-I]\d+ /;

const [full, write] = ["--full", "--write"].map((flag) =>
  Deno.args.includes(flag)
);
const chosen = Deno.args.filter((arg) => !/^--(full|write)$/.test(arg));
const unknown = chosen.filter((id) => !known.includes(id));
if (unknown.length > 0) {
  console.error(`Not in the catalogue: ${unknown.join(", ")}`);
  Deno.exit(2);
}
const ids = chosen.length > 0 ? chosen : known;

/** Test files that name a fault. */
async function files(): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of walk(TESTS, { match: [/_test\.ts$/] })) {
    if (NAMED.test(Deno.readTextFileSync(path))) found.push(path);
  }
  return largestFirst(found);
}

/** Test files that measure times, and so want the machine for themselves. */
const MEASURING =
  /\/(?:h_scale|d_content|killed|killed_often|guardian)_test\.ts$/;

/** A JUnit report, and what was printed. */
interface Run {
  junit: string;
  output: string;
}

/** Runs the tests of a file in a process of their own. */
async function run(path: string): Promise<Run> {
  const report = Deno.makeTempFileSync();
  const started = performance.now();
  try {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "-A", "--no-check", "--quiet", `--junit-path=${report}`],
        ...["--filter", `/^(?:${ids.join("|")}) /`, path],
      ],
      env: { FAULTS_FULL: full ? "1" : "0", NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const seconds = Math.round((performance.now() - started) / 1000);
    console.error(`${relative(TESTS, path)} (${seconds} s)`);
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return {
      junit: Deno.readTextFileSync(report),
      output: text(stdout) + text(stderr),
    };
  } finally {
    Deno.removeSync(report);
  }
}

/** Most tests wait most of the time, so a few files that measure nothing run at once. */
async function runAll(): Promise<Run[]> {
  const paths = await files();
  const measuring = paths.filter((path) => MEASURING.test(path));
  const others = paths.filter((path) => !MEASURING.test(path));
  return [
    ...await each(others, run),
    ...await each(measuring, run, 1),
  ];
}

console.error(`Injecting ${ids.length} faults; all of them take some minutes`);
const runs = await runAll();
const cases = runs.flatMap(({ junit }) => parseJunit(junit));
const verdicts = new Map(ids.map((id) => [id, verdictOn(id, cases)]));
const all = [...verdicts.values()];
const survived = all.filter((verdict) => verdict === "survived").length;
const failed = all.some((verdict) => verdict.startsWith("failed"));
if (failed || full) {
  for (const { output } of runs) console.log(output.replace(/^/gm, "  "));
}
for (const [id, verdict] of verdicts) console.log(`${id} ${verdict}`);
const summary = `survived ${survived} of ${ids.length}`;
if (write) {
  const counts = full ? "with the long counts" : "with the quick counts";
  Deno.writeTextFileSync(
    CATALOGUE,
    withVerdicts(document, verdicts, `${counts}: ${summary}`),
  );
  const fmt = { args: ["fmt", "--quiet", CATALOGUE] };
  await new Deno.Command(Deno.execPath(), fmt).output();
}
console.log(summary);
Deno.exit(failed ? 1 : 0);
