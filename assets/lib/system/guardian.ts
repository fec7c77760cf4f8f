/**
 * A watcher over a child that must not outlive us: a shell that blocks on a pipe which
 * only this process holds, so that our death, whatever its cause, is its signal.
 * See `guardian.sh` for what it does then and `noted_exec.sh` for how the child is known.
 */
import { sleep } from "./clock.ts";
import { fromFileUrl } from "./file_url.ts";
import { createFile, removeIfExists } from "./files.ts";
import { callersUmask } from "./umask.ts";
import { type PipedChild, spawnPiped } from "./spawn.ts";

/** How long to wait for a guardian to exit, in ms: a stopped one (SIGSTOP) does not. */
const RELEASE_MS = 3000;

/** The program to run in place of the one to guard. */
export const NOTED_EXEC: string = fromFileUrl(
  new URL("./noted_exec.sh", import.meta.url),
);

/**
 * Environment for NOTED_EXEC: run `program` without the names in `unset` and under the
 * caller's umask, note its pid in `notePath`.
 */
export const notedExecEnv = (
  program: string,
  notePath: string,
  unset: readonly string[],
): Record<string, string> => ({
  CODEX_SERVER_NOTE: notePath,
  CODEX_SERVER_PROGRAM: program,
  CODEX_SERVER_WORKER: String(Deno.pid),
  CODEX_SERVER_UNSET: unset.join(" "),
  CODEX_SERVER_UMASK: callersUmask(),
});

/** Makes the empty file `notePath`, which must not exist: before program and guardian start. */
export const makeNote = (notePath: string): void => createFile(notePath, "");

/** A guardian at work. */
export interface Guardian {
  /** Ends the guarded process and its descendants; resolves when the request is made. */
  stop(): Promise<void>;
  /** The guarded process has ended: the guardian exits too. */
  release(): Promise<void>;
}

/**
 * Starts a guardian for the process that will be noted in `notePath`, which exists.
 * @param gently the signal on which that program ends its own children
 */
export function startGuardian(
  notePath: string,
  gently: "INT" | "TERM",
): Guardian {
  const script = fromFileUrl(new URL("./guardian.sh", import.meta.url));
  const child: PipedChild = spawnPiped("/bin/sh", [script, notePath, gently]);
  const say = (word: string) => child.writeLine(word).catch(() => {});
  return {
    stop: () => say("stop"),
    release: async () => {
      await say("release");
      await child.close();
      await Promise.race([child.exited, sleep(RELEASE_MS)]);
      removeIfExists(notePath);
    },
  };
}
