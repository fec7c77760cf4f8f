/**
 * `deno task test [PATH…]`: runs each test file in a process of its own, a few at once, as
 * most tests wait most of the time. Tests that are named after a fault are left to
 * `deno task faults`. Prints a line for each file, whatever a failing one said, and the sum.
 */
import { walk } from "@std/fs/walk";
import { fromFileUrl, relative } from "@std/path";
import { each, largestFirst } from "./lanes.ts";

const TESTS = fromFileUrl(new URL(".", import.meta.url));
/** Names that do not begin with the id of a fault, such as `A12 `. */
const NO_FAULT = "/^([^A-I]|[A-I][^0-9])/";

interface Outcome {
  passed: number;
  failed: number;
  ok: boolean;
}

/** The test files below the paths that were given. */
async function files(): Promise<string[]> {
  const given = Deno.args.map((path) => Deno.realPathSync(path));
  const found: string[] = [];
  for (const root of given.length > 0 ? given : [TESTS]) {
    if (Deno.statSync(root).isFile) found.push(root);
    else {
      for await (const { path } of walk(root, { match: [/_test\.ts$/] })) {
        found.push(path);
      }
    }
  }
  return largestFirst(found);
}

const text = new TextDecoder();

async function run(path: string): Promise<Outcome> {
  const started = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--quiet", "--no-check", "--filter", NO_FAULT, path],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const said = text.decode(stdout) + text.decode(stderr);
  const [, passed, failed] =
    said.match(/^(?:ok|FAILED) \| (\d+) passed.* \| (\d+) failed/m) ?? [];
  const outcome = {
    passed: Number(passed ?? 0),
    failed: Number(failed ?? (success ? 0 : 1)),
    ok: success,
  };
  const seconds = Math.round((performance.now() - started) / 1000);
  const name = relative(TESTS, path);
  if (success) {
    // What a test says of itself, such as why it is skipped, is not lost.
    const notes = said.match(/^Skip.*$/gm) ?? [];
    console.log(`${name}: ${outcome.passed} passed (${seconds} s)`);
    for (const note of notes) console.log(`  ${note}`);
  } else {console.log(
      `${name} FAILED (${seconds} s)\n${said.replace(/^/gm, "  ")}`,
    );}
  return outcome;
}

const started = performance.now();
const outcomes = await each(await files(), run);
const sum = (of: "passed" | "failed") =>
  outcomes.reduce((total, outcome) => total + outcome[of], 0);
const ok = outcomes.length > 0 && outcomes.every((outcome) => outcome.ok);
const seconds = Math.round((performance.now() - started) / 1000);
console.log(
  `${ok ? "ok" : "FAILED"} | ${sum("passed")} passed | ${
    sum("failed")
  } failed (${seconds}s)`,
);
Deno.exit(ok ? 0 : 1);
