/** Paths on this machine: one function per path, nothing is created here. */
import { readEnv } from "./env.ts";
import { BadSurroundings } from "./surroundings.ts";

/**
 * The user's home directory.
 * @throws {BadSurroundings} when HOME, else USERPROFILE, is missing or not absolute
 */
export function homeDir(): string {
  const home = readEnv("HOME") || readEnv("USERPROFILE");
  if (!home) {
    throw new BadSurroundings(
      "Neither HOME nor USERPROFILE is set",
      "set HOME to your home directory",
    );
  }
  if (!/^([A-Za-z]:)?[\\/]/.test(home)) {
    throw new BadSurroundings(
      `HOME is no absolute path: ${home}`,
      "set HOME to your home directory",
    );
  }
  return home.length > 1 ? home.replace(/[\\/]+$/, "") : home;
}

/** `~/.codex-server`: everything that this tool keeps. */
export const stateRoot = (): string => `${homeDir()}/.codex-server`;
/** `~/.codex-server/turns`: one directory a turn. */
export const turnsDir = (): string => `${stateRoot()}/turns`;
/** What setup pinned and decided. */
export const configPath = (): string => `${stateRoot()}/config.json`;
/** The installed library, a link that setup sets. */
export const installedLib = (): string => `${stateRoot()}/lib`;
/** The command that people and skills call. */
export const launcherPath = (): string => `${stateRoot()}/bin/codex-server`;
/** Lock files that bound how many turns run at once. */
export const slotsDir = (): string => `${stateRoot()}/slots`;
/** One file for each turn that waits for a slot. */
export const ticketsDir = (): string => `${slotsDir()}/waiting`;
/** Held (shared) by calls that are starting a turn. */
export const callsPath = (): string => `${stateRoot()}/calls.lock`;
/** One small file a thread: the id of the turn that used it last. */
export const threadsDir = (): string => `${stateRoot()}/threads`;
/** One small file a `--key`: the id of the turn that it made. */
export const keysDir = (): string => `${stateRoot()}/keys`;

/** `$CODEX_HOME`, else `~/.codex`: codex's own directory. */
export function codexHome(): string {
  const set = readEnv("CODEX_HOME");
  return set ? set.replace(/(.)[\\/]+$/, "$1") : `${homeDir()}/.codex`;
}
