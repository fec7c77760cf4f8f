/** Installing codex from npm into `~/.codex-server/codex`, where the user asks for it. */
import { CliError } from "../cli/errors.ts";
import {
  createFile,
  ensurePrivateDir,
  lstatIfExists,
  makePrivateDir,
  removeIfExists,
  setMode,
} from "../system/files.ts";
import { mayRun } from "../system/may_run.ts";
import { stateRoot } from "../system/paths.ts";
import { runVisibly } from "../system/spawn.ts";
import { MAKING } from "./leftovers.ts";
import { nativeProgramOf } from "./program_behind.ts";

/** The version of `@openai/codex` that is installed; the one that the tests run against. */
export const CODEX_VERSION = "0.171.0";

const codexDir = (): string => `${stateRoot()}/codex`;

/** The native program of an earlier installation, or null. */
export const installedCodex = (): string | null =>
  nativeProgramIn(`${codexDir()}/${CODEX_VERSION}`);

const nativeProgramIn = (dir: string): string | null =>
  lstatIfExists(dir)
    ? nativeProgramOf(`${dir}/node_modules/@openai/codex`)
    : null;

/** Deno runs no life-cycle scripts of packages unless it is told to; npm is told not to. */
const NPM_INSTALL = ["install", "--ignore-scripts", "--no-audit", "--no-fund"];

/**
 * Installs codex with Deno, or with npm where only that may be run, and returns its
 * native program. The progress goes to stderr.
 * @throws {CliError} `install_failed`
 */
export async function installCodex(): Promise<string> {
  const failed = (message: string, hint: string) =>
    new CliError("install_failed", message, hint);
  const installer = [
    { command: Deno.execPath(), args: ["install"] },
    { command: "npm", args: NPM_INSTALL },
  ].find(({ command }) => mayRun(command));
  if (!installer) {
    throw failed(
      "Codex cannot be installed: neither deno nor npm may be run with these permissions",
      "run setup with: deno run -A",
    );
  }
  ensurePrivateDir(codexDir());
  const making = `${codexDir()}/${MAKING}${crypto.randomUUID()}`;
  makePrivateDir(making);
  const dependencies = { "@openai/codex": CODEX_VERSION };
  createFile(
    `${making}/package.json`,
    JSON.stringify({ private: true, dependencies }),
  );
  createFile(`${making}/deno.json`, JSON.stringify({ nodeModulesDir: "auto" }));
  const code = await runVisibly(installer.command, installer.args, {
    cwd: making,
  });
  const native = nativeProgramIn(making);
  if (code !== 0 || native === null) {
    removeIfExists(making);
    throw failed(
      code === 0
        ? `npm has no codex ${CODEX_VERSION} for this platform`
        : `Installing codex failed with code ${code}`,
      "see the lines above; or install it with `npm install -g @openai/codex`",
    );
  }
  makeExecutable(native.slice(0, native.lastIndexOf("/bin/")));
  const dir = `${codexDir()}/${CODEX_VERSION}`;
  removeIfExists(dir);
  Deno.renameSync(making, dir);
  return installedCodex()!;
}

/** Deno keeps the executable bit only for a package's `bin`: everything else that is a program gets it here. */
function makeExecutable(dir: string): void {
  for (const { name, isDirectory, isFile } of Deno.readDirSync(dir)) {
    const path = `${dir}/${name}`;
    if (isDirectory) makeExecutable(path);
    if (isFile && !name.includes(".")) setMode(path, 0o700);
  }
}
