/** What a turn depends on, and the error when that has gone since `new` checked it. */
import { whyBroken } from "../codex/install_config.ts";
import type { TurnMeta } from "../turns/meta.ts";
import type { TurnError } from "../turns/result.ts";
import { LAUNCHER } from "../version.ts";

/** Codex as it was pinned: why it cannot be run, or null. */
export function brokenCodex({ codex_path }: TurnMeta): TurnError | null {
  const reason = whyBroken(codex_path);
  return reason === null ? null : {
    code: "codex_missing",
    message: `The pinned codex ${codex_path} ${reason}`,
    hint: `run setup again: ${LAUNCHER} setup`,
  };
}

/** The turn's directory, when it no longer exists. */
export function goneDirectory({ cwd }: TurnMeta): TurnError | null {
  return isDirectory(cwd) ? null : {
    code: "cwd_gone",
    message: `The directory ${cwd} was removed`,
    hint: "make it again and continue the thread, or start a new turn",
  };
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
