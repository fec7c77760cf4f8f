/** Asking mise and asdf which codex is behind their shims. */
import { homeDir } from "../system/paths.ts";
import { mayRun } from "../system/may_run.ts";
import { currentDirectory } from "../system/surroundings.ts";
import { runProgram } from "../system/spawn.ts";
import { blankedSecrets } from "../codex/child_env.ts";
import type { Question } from "./codex_version.ts";
import type { Manager } from "./program_behind.ts";

/** How long a manager may take, in ms. */
const ANSWER_MS = 10_000;

/** What a manager said. */
export interface ManagerAnswer {
  /** Absolute path of the codex that it would run; can be npm's wrapper. */
  path: string;
  /** How to run that codex through the manager, where its path is not allowed to run. */
  question: Question;
}

/**
 * What `mise which codex` or `asdf which codex` says, or null. The home directory's
 * choice comes first, as the pin serves every directory; then that of this one.
 * @param commands ways to start the manager; the first that is permitted is taken
 */
export async function askManager(
  manager: Manager,
  commands: string[],
): Promise<ManagerAnswer | null> {
  const command = commands.find(mayRun);
  if (command === undefined) return null;
  for (const cwd of [homeDir(), currentDirectory()]) {
    try {
      const { code, stdout } = await runProgram(command, ["which", "codex"], {
        cwd,
        env: blankedSecrets(),
        timeoutMs: ANSWER_MS,
      });
      const path = stdout.trim().split("\n").at(-1)?.trim() ?? "";
      if (code !== 0 || path === "") continue;
      const exec = manager === "mise"
        ? ["exec", "--", "codex"]
        : ["exec", "codex"];
      return { path, question: { command, args: exec, cwd } };
    } catch {
      // It cannot be started, so it cannot answer.
    }
  }
  return null;
}
