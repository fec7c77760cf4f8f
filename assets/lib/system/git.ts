/**
 * Read-only calls of git. A process without permission to run git starts a Deno that has
 * it, as for a worker.
 */
import { fromFileUrl } from "./file_url.ts";
import { mayRun } from "./may_run.ts";
import { runProgram } from "./spawn.ts";

/** What one call of git said. */
export interface GitAnswer {
  code: number;
  stdout: string;
}

/** Time limit of git, in ms: `status` of a very large tree is slow. */
const LIMIT_MS = 10_000;

/** A repository's own configuration must not start programs, and nothing is written. */
const HARMLESS = [
  ...["--no-optional-locks", "-c", "core.fsmonitor=false"],
  ...["-c", "core.hooksPath=/dev/null"],
];

/**
 * The answers to several calls of git in `cwd`, in their order.
 * @returns null where git cannot be asked: there is none, or it takes too long
 */
export async function askGit(
  cwd: string,
  calls: string[][],
): Promise<GitAnswer[] | null> {
  try {
    if (mayRun("git")) return await runGit(cwd, calls);
    const script = Deno.realPathSync(
      fromFileUrl(new URL("../git.ts", import.meta.url)),
    );
    const { code, stdout, timedOut } = await runProgram(Deno.execPath(), [
      ...["run", "-q", "--no-prompt", "--allow-run=git", script],
      ...[cwd, JSON.stringify(calls)],
    ], { timeoutMs: LIMIT_MS });
    return code === 0 && !timedOut ? JSON.parse(stdout) : null;
  } catch {
    return null;
  }
}

/**
 * The same, by this process itself.
 * @throws {Error} when git cannot be started or takes too long
 */
export async function runGit(
  cwd: string,
  calls: string[][],
): Promise<GitAnswer[]> {
  return await Promise.all(calls.map(async (args) => {
    const { code, stdout, timedOut } = await runProgram(
      "git",
      [...HARMLESS, "-C", cwd, ...args],
      { timeoutMs: LIMIT_MS },
    );
    if (timedOut) throw new Error("git takes too long");
    return { code, stdout };
  }));
}
