/** Filling Deno's cache with what the library imports, so that no later call needs the network. */
import { CliError } from "../cli/errors.ts";
import { terminalLine } from "../render/one_line.ts";
import { mayRun } from "../system/may_run.ts";
import { runProgram } from "../system/spawn.ts";
import {
  importNames,
  type LibraryFiles,
  usedSpecifiers,
} from "./library_files.ts";

/** How long the downloads may take, in ms. */
const DOWNLOAD_MS = 10 * 60_000;

/**
 * Fills Deno's cache with every package that the library imports. They are imported here,
 * in this process: that needs no permission to run Deno, and proves it, while `deno
 * cache` succeeds without what is only imported dynamically.
 * @throws {CliError} `cache_incomplete` when something missing cannot be fetched
 */
export async function fetchPackages(files: LibraryFiles): Promise<void> {
  for (const name of usedSpecifiers(files, importNames(files))) {
    try {
      await import(name);
    } catch (error) {
      throw new CliError(
        "cache_incomplete",
        `Deno's cache lacks ${name}, which cannot be fetched: ${
          (error as Error).message
        }`,
        "connect to the network and run setup again",
      );
    }
  }
}

/**
 * Compiles the library's modules into Deno's cache under the names that they have in
 * `dir`, where Deno may be run: the first call is then as fast as the second. Returns
 * null, or what went wrong; nothing depends on it.
 */
export async function compileModules(
  dir: string,
  files: LibraryFiles,
): Promise<string | null> {
  if (!mayRun(Deno.execPath())) return null;
  const modules = [...files.keys()].filter((path) => path.endsWith(".ts"));
  try {
    const { code, stderr } = await runProgram(
      Deno.execPath(),
      ["cache", "-q", ...modules.map((path) => `${dir}/${path}`)],
      { cwd: dir, env: { NO_COLOR: "1" }, timeoutMs: DOWNLOAD_MS },
    );
    return code === 0
      ? null
      : `Deno could not cache the library: ${terminalLine(stderr)}`;
  } catch (error) {
    return `Deno could not cache the library: ${(error as Error).message}`;
  }
}
