/** Asking a codex for its version: the proof that it runs. */
import { blankedSecrets } from "../codex/child_env.ts";
import { reasonOf } from "../system/os_error.ts";
import { mayRun } from "../system/may_run.ts";
import { type ProgramResult, runProgram } from "../system/spawn.ts";

/** How long codex may take to say its version, in ms; a cold disk needs seconds. */
const ANSWER_MS = 20_000;

/** One way to start codex; `--version` is added. */
export interface Question {
  command: string;
  args?: string[];
  cwd?: string;
}

/** The answer of codex, or why there is none. */
export type VersionAnswer =
  | { kind: "works"; version: string }
  | { kind: "fails"; reason: string }
  /** None of the ways is permitted. */
  | { kind: "forbidden" };

/** Asks in the first way that is permitted. */
export async function askCodexVersion(
  questions: Question[],
): Promise<VersionAnswer> {
  const question = questions.find(({ command }) => mayRun(command));
  if (!question) return { kind: "forbidden" };
  const fails = (reason: string): VersionAnswer => ({ kind: "fails", reason });
  try {
    const result = await run(question);
    if (result.timedOut) {
      return fails(`did not say its version within ${ANSWER_MS / 1000} s`);
    }
    if (result.code !== 0) {
      return fails(`ended with code ${result.code}${complaint(result.stderr)}`);
    }
    const version = versionIn(result.stdout);
    return version === null
      ? fails("does not say a version of codex")
      : { kind: "works", version };
  } catch (error) {
    return fails(`cannot be started (${reasonOf(error)})`);
  }
}

/** The version in what `codex --version` prints, `codex-cli 0.169.0`. */
export const versionIn = (output: string): string | null =>
  output.match(/^codex\S*\s+v?(\d+\.\d+\S*)/m)?.[1] ?? null;

function run({ command, args = [], cwd }: Question): Promise<ProgramResult> {
  return runProgram(command, [...args, "--version"], {
    // Deno refuses to pass LD_ names on unless everything may be run.
    env: blankedSecrets(),
    timeoutMs: ANSWER_MS,
    ...(cwd !== undefined && { cwd }),
  });
}

function complaint(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim()).filter(Boolean);
  const line = lines.find((line) => /error/i.test(line)) ?? lines.at(-1);
  return line === undefined ? "" : ` (${line.slice(0, 200)})`;
}
