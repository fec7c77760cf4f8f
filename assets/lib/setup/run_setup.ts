/** The setup from its beginning to its end; `setup.ts` reads the command line for it. */
import { delimiter } from "node:path";
import { CliError } from "../cli/errors.ts";
import { readConfigToml, topLevelString } from "../codex/config_toml.ts";
import {
  type InstallConfig,
  writeInstallConfig,
} from "../codex/install_config.ts";
import { probeAppServer, type ProbeResult } from "../codex/probe_app_server.ts";
import { readEnv } from "../system/env.ts";
import { mayRun } from "../system/may_run.ts";
import { wallMs } from "../system/clock.ts";
import { statIfExists } from "../system/files.ts";
import { type HeldLock, takeLock, tryTakeLock } from "../system/lock.ts";
import { osErrorInWords } from "../system/os_error.ts";
import {
  codexHome,
  installedLib,
  launcherPath,
  stateRoot,
} from "../system/paths.ts";
import { sweep } from "../turns/gc.ts";
import { prepareRoot } from "../turns/root.ts";
import { LAUNCHER, VERSION } from "../version.ts";
import { fileDigest } from "./digest.ts";
import { compileModules, fetchPackages } from "./fill_cache.ts";
import {
  findCodex,
  findNamedCodex,
  type FoundCodex,
  type KnownCodex,
} from "./find_codex.ts";
import { installCodex, installedCodex } from "./install_codex.ts";
import { writeLauncher } from "./launcher.ts";
import { removeLeftovers } from "./leftovers.ts";
import {
  currentLibrary,
  removeOldLibraries,
  storeLibrary,
  useLibrary,
} from "./library.ts";
import { filesToInstall } from "./library_files.ts";
import { thisMachine, turnsAtOnce } from "./max_concurrent.ts";
import { type PreviousConfig, readPreviousConfig } from "./previous_config.ts";
import type { SetupReport } from "./report.ts";

/** What the user asked for. */
export interface SetupOptions {
  /** The directory of the library to install, the one this code runs from. */
  libraryDir: string;
  /** `--codex PATH`. */
  codex: string | null;
  /** `--install-codex`. */
  installCodex: boolean;
  /** Reports the progress of the work. */
  progress: (line: string) => void;
}

/**
 * Sets codex-server up, or brings it up to date. Can be repeated at any time; of two at
 * once the second waits. What can fail is done first: until the library is complete and
 * its imports are cached, an older installation is kept.
 * @throws {CliError | UnsafeRoot | Error} of the machine
 */
export async function runSetup(options: SetupOptions): Promise<SetupReport> {
  prepareRoot();
  using _only = await takeSetupLock(options.progress);
  removeLeftovers();
  const previous = readPreviousConfig();
  const codex = await locateCodex(options, previous);
  const library = await installLibrary(options);
  const config = await pin(codex, previous, await probe(codex.path));
  const launcher = writeLauncher(Deno.execPath(), config.codex_path);
  const swept = housekeeping();
  return {
    codex_path: config.codex_path,
    codex_version: config.codex_version,
    launcher,
    lib: installedLib(),
    library_version: VERSION,
    installed: library.installed,
    removed_turns: swept.removedTurns,
    max_concurrent: config.max_concurrent,
    deno: Deno.execPath(),
    next: [
      ...(needsLogin() ? ["codex login"] : []),
      '~/.codex-server/bin/codex-server new "Say hello"',
    ],
    path_line: pathLine(),
    permission_rule: `Bash(${LAUNCHER}:*)`,
    warnings: [
      previous.note,
      ...codex.notes,
      library.note,
      engineNote(config),
      ...swept.notes,
    ]
      .filter((note) => note !== null),
  };
}

/** Removes old turns and libraries; failures become notes, as the setup is done. */
function housekeeping(): { removedTurns: number; notes: string[] } {
  const notes: string[] = [];
  let removedTurns = 0;
  for (
    const work of [
      () => {
        const { removed, refused } = sweep();
        removedTurns = removed.length;
        for (const { path, reason } of refused) {
          notes.push(`${path} cannot be removed: ${reason}`);
        }
      },
      removeOldLibraries,
    ]
  ) {
    try {
      work();
    } catch (error) {
      notes.push(
        `Not everything old could be removed: ${osErrorInWords(error)}`,
      );
    }
  }
  return { removedTurns, notes };
}

/** What makes the launcher a command of the shell; null if it already is one. */
function pathLine(): string | null {
  const bin = launcherPath().replace(/[\\/][^\\/]*$/, "");
  const onPath = (readEnv("PATH") ?? "").split(delimiter);
  return onPath.includes(bin)
    ? null
    : 'export PATH="$HOME/.codex-server/bin:$PATH"';
}

/** What the user should know about the engine. */
const engineNote = ({ app_server: probed }: InstallConfig): string | null =>
  probed && !probed.ok
    ? `The app-server of this codex does not answer, turns run through the SDK: ${probed.said}`
    : null;

async function takeSetupLock(
  progress: SetupOptions["progress"],
): Promise<HeldLock> {
  const path = `${stateRoot()}/setup.lock`;
  let lock = tryTakeLock(path);
  if (!lock) {
    progress("Waiting for another setup to end");
    lock = await takeLock(path);
  }
  return lock;
}

async function locateCodex(
  options: SetupOptions,
  previous: PreviousConfig,
): Promise<FoundCodex> {
  const known: KnownCodex | null = previous.config && {
    path: previous.config.codex_path,
    version: previous.config.codex_version,
    fingerprint: previous.config.codex_fingerprint,
  };
  if (options.codex !== null) return await findNamedCodex(options.codex, known);
  const last = [previous.codexPath, installedCodex()].filter((path) =>
    path !== null
  );
  try {
    return await findCodex({ known, last });
  } catch (error) {
    if (!(error instanceof CliError) || !options.installCodex) throw error;
    options.progress("Installing codex from npm, some 400 MB");
    return await findNamedCodex(await installCodex(), known);
  }
}

async function installLibrary(
  { libraryDir }: SetupOptions,
): Promise<{ installed: SetupReport["installed"]; note: string | null }> {
  const files = filesToInstall(libraryDir);
  const runsFromIt = Deno.realPathSync(libraryDir) === currentLibrary();
  const dir = runsFromIt ? currentLibrary()! : await storeLibrary(files);
  const note = await compileModules(dir, files);
  await fetchPackages(files);
  const turned = !runsFromIt && useLibrary(dir);
  // Deno keeps compiled modules by name, and `lib/chat.ts` is a name of its own.
  await compileModules(installedLib(), files);
  return {
    installed: runsFromIt
      ? "running from the installed copy"
      : turned
      ? "copied"
      : "unchanged",
    note,
  };
}

async function pin(
  codex: FoundCodex,
  { config: before, maxConcurrent }: PreviousConfig,
  probed: ProbeResult | null,
): Promise<InstallConfig> {
  const { path, version, fingerprint } = codex;
  const same = before?.codex_path === path && before.codex_sha256 &&
    before.codex_fingerprint.size === fingerprint.size &&
    before.codex_fingerprint.mtime_ms === fingerprint.mtime_ms &&
    before.codex_fingerprint.inode === fingerprint.inode;
  const config: InstallConfig = {
    schema_version: 1,
    library_version: VERSION,
    codex_path: path,
    codex_version: version,
    codex_fingerprint: fingerprint,
    codex_sha256: same ? before.codex_sha256 : await fileDigest(path),
    ...(probed && { app_server: probed }),
    max_concurrent: maxConcurrent ?? turnsAtOnce(thisMachine()),
    set_up_at: new Date(wallMs()).toISOString(),
  };
  writeInstallConfig(config);
  return config;
}

/** Tries the app-server, where codex may be run by its path; else null. */
const probe = async (path: string): Promise<ProbeResult | null> =>
  mayRun(path) ? await probeAppServer(path) : null;

/** Whether there is no login yet. Credentials in the keyring cannot be seen from here. */
function needsLogin(): boolean {
  if (statIfExists(`${codexHome()}/auth.json`)) return false;
  const store = topLevelString(readConfigToml(), "cli_auth_credentials_store");
  return store !== "keyring" && store !== "auto";
}
