/** Finds the native codex program for the tests; installs the pinned version where there is none. */

import { dirname, join } from "@std/path";
import { cacheDirectory } from "./cache_directory.ts";

/** What is installed when PATH has no codex. */
export const CODEX_VERSION = "0.171.0";

const PLATFORMS: Record<string, [packageName: string, triple: string]> = {
  "linux-x86_64": ["codex-linux-x64", "x86_64-unknown-linux-musl"],
  "linux-aarch64": ["codex-linux-arm64", "aarch64-unknown-linux-musl"],
  "darwin-x86_64": ["codex-darwin-x64", "x86_64-apple-darwin"],
  "darwin-aarch64": ["codex-darwin-arm64", "aarch64-apple-darwin"],
};

/** The npm package that has this platform's program, and the program's path in it. */
export function nativePackage(): { name: string; program: string } {
  const platform = `${Deno.build.os}-${Deno.build.arch}`;
  const [name, triple] = PLATFORMS[platform] ?? [];
  if (name === undefined || triple === undefined) {
    throw new Error(`Cannot test on "${platform}": it has no codex`);
  }
  return { name, program: join("vendor", triple, "bin", "codex") };
}

/**
 * The absolute path of a native codex: PATH's own, the one that PATH's npm wrapper would start, or else one that is
 * installed once in the cache directory. Several callers at once are safe.
 */
export async function findCodex(): Promise<string> {
  for (const directory of (Deno.env.get("PATH") ?? "").split(":")) {
    if (directory === "") continue;
    const found = await resolveNative(join(directory, "codex"));
    if (found !== undefined) return found;
  }
  return await installCodex(CODEX_VERSION);
}

/** The native program behind `path`, which may be the npm wrapper; undefined when there is none. */
async function resolveNative(path: string): Promise<string | undefined> {
  const real = await Deno.realPath(path).catch(() => undefined);
  if (real === undefined || !(await Deno.stat(real)).isFile) return;
  if (!real.endsWith("codex.js")) {
    return await isScript(real) ? undefined : real;
  }
  return await nativeOf(dirname(dirname(real)));
}

/** The native program that the npm package in `packageRoot` starts. */
async function nativeOf(packageRoot: string): Promise<string | undefined> {
  const { name, program } = nativePackage();
  for (
    const root of [
      join(packageRoot, "node_modules", "@openai", name),
      join(dirname(packageRoot), name),
      packageRoot,
    ]
  ) {
    const real = await Deno.realPath(join(root, program)).catch(() =>
      undefined
    );
    if (real !== undefined) return real;
  }
}

async function isScript(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const start = new Uint8Array(2);
  await file.read(start);
  return new TextDecoder().decode(start) === "#!";
}

/**
 * The absolute path of a native codex of this very version, installed once in the cache directory. Several callers at
 * once are safe.
 */
export async function installCodex(version: string): Promise<string> {
  const directory = join(cacheDirectory(), `codex-${version}`);
  await Deno.mkdir(directory, { recursive: true });
  using lock = await Deno.open(`${directory}.lock`, {
    create: true,
    write: true,
  });
  await lock.lock(true);
  const packageRoot = join(directory, "node_modules", "@openai", "codex");
  const done = join(directory, "installed");
  const installed = await Deno.stat(done).then(() => true, () => false);
  if (!installed) {
    console.error(`Installing codex ${version} in ${directory}`);
    await denoInstall(directory, version);
  }
  const native = await nativeOf(await Deno.realPath(packageRoot));
  if (native === undefined) {
    throw new Error(`Cannot find the codex program in "${directory}"`);
  }
  if (!installed) {
    await makeExecutable(dirname(dirname(native)));
    await Deno.writeTextFile(done, "");
  }
  return native;
}

async function denoInstall(directory: string, version: string): Promise<void> {
  await Deno.writeTextFile(
    join(directory, "package.json"),
    JSON.stringify({ dependencies: { "@openai/codex": version } }),
  );
  await Deno.writeTextFile(
    join(directory, "deno.json"),
    JSON.stringify({ nodeModulesDir: "auto" }),
  );
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["install"],
    cwd: directory,
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot install codex in "${directory}"`);
}

/** Deno's npm installs do not keep the executable bit of files that are no package's `bin`. */
async function makeExecutable(directory: string): Promise<void> {
  for await (const entry of Deno.readDir(directory)) {
    const path = join(directory, entry.name);
    if (entry.isDirectory) await makeExecutable(path);
    else if (entry.isFile) await Deno.chmod(path, 0o755);
  }
}
