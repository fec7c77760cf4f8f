/** What a worker may do; references/permissions.md gives the reason for each. */
import { ALLOWED_NAMES } from "../codex/child_env.ts";

/** Flags for the Deno that runs the worker of one turn. */
export function workerPermissions(script: string, codexPath: string): string[] {
  const lib = script.slice(0, script.lastIndexOf("/"));
  const programs = ["/bin/sh", `${lib}/system/noted_exec.sh`, codexPath];
  return [
    "--allow-read",
    "--allow-write",
    // NODE_V8_COVERAGE is read by node:child_process, which the SDK uses.
    `--allow-env=${[...ALLOWED_NAMES, "NODE_V8_COVERAGE"].join(",")}`,
    allowRun(...programs),
    // Deno.umask needs it whole: `--allow-sys=umask` is refused as unknown.
    "--allow-sys",
  ];
}

/** The flag that lets a Deno run these programs; a doubled comma is a comma in a path. */
export const allowRun = (...programs: string[]): string =>
  `--allow-run=${programs.map((path) => path.replaceAll(",", ",,")).join(",")}`;
