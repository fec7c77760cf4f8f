/**
 * `deno task coverage`: the files that decide what a turn is, and what becomes of it, are
 * tested in every line and branch. Runs their unit tests, prints one line per file, and
 * fails with what no test reached.
 */

/** The state function, the store, and the inbox. */
const FILES = [
  "turns/state.ts",
  "turns/store.ts",
  "turns/markers.ts",
  "turns/inspect.ts",
  "turns/control.ts",
  "worker/inbox.ts",
];
const TESTS = ["tests/turns/", "tests/worker/inbox_test.ts"];

/** What the tests reached of a file: the places that they did not, in its lines. */
interface Reached {
  lines: number;
  branches: number;
  missed: string[];
}

/** Runs deno; its output is shown where it fails. */
async function deno(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
  }).output();
  const [out, told] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  if (code !== 0) {
    console.error(out + told!);
    Deno.exit(1);
  }
  return out!;
}

/** An lcov report, by the path of each file. */
function parseLcov(report: string): Map<string, Reached> {
  const files = new Map<string, Reached>();
  for (const record of report.split("end_of_record")) {
    const path = record.match(/^SF:(.*)$/m)?.[1];
    if (!path) continue;
    const reached: Reached = { lines: 0, branches: 0, missed: [] };
    for (const [, line, hits] of record.matchAll(/^DA:(\d+),(\d+)/gm)) {
      reached.lines++;
      if (hits === "0") reached.missed.push(`line ${line}`);
    }
    for (
      const [, line, branch, hits] of record.matchAll(
        /^BRDA:(\d+),\d+,(\d+),(\d+|-)/gm,
      )
    ) {
      reached.branches++;
      if (hits === "0" || hits === "-") {
        reached.missed.push(`branch ${branch} at line ${line}`);
      }
    }
    files.set(path, reached);
  }
  return files;
}

const directory = Deno.makeTempDirSync();
let report: string;
try {
  await deno("test", "-A", "--quiet", `--coverage=${directory}`, ...TESTS);
  report = await deno("coverage", "--lcov", directory);
} finally {
  Deno.removeSync(directory, { recursive: true });
}
const reached = parseLcov(report);
let complete = true;
for (const file of FILES) {
  const path = new URL(`../assets/lib/${file}`, import.meta.url).pathname;
  const found = reached.get(path);
  const missed = found ? found.missed : ["all of it"];
  complete &&= missed.length === 0;
  const counted = `${found?.lines ?? 0} lines, ${
    found?.branches ?? 0
  } branches`;
  console.log(
    missed.length === 0
      ? `${file}: ${counted}, all reached`
      : `${file}: ${counted}, not reached: ${missed.join(", ")}`,
  );
}
if (!complete) Deno.exit(1);
