/** Why codex cannot use its own directory, `~/.codex`, and the fix. */
import {
  lstatIfExists,
  makePrivateDir,
  removeIfExists,
} from "../system/files.ts";
import { osErrorNumber } from "../system/os_error.ts";
import { ownUid } from "../system/own_uid.ts";
import { codexHome } from "../system/paths.ts";
import { shellWord } from "../system/shell_word.ts";

/** The problem and its fix. */
export interface HomeTrouble {
  message: string;
  hint: string;
}

/** The system's numbers: a read-only file system; not permitted, permission denied. */
const READ_ONLY = 30;
const DENIED = [1, 13];

/**
 * What prevents codex from writing to its directory, found by briefly making an empty one
 * there; for use after codex has failed. Null where nothing does.
 */
export function codexHomeTrouble(): HomeTrouble | null {
  const home = codexHome();
  const probe = `${home}/.codex-server-${crypto.randomUUID()}`;
  try {
    makePrivateDir(probe);
    removeIfExists(probe);
    return null;
  } catch (error) {
    const number = osErrorNumber(error) ?? 0;
    if (number === READ_ONLY) {
      return {
        message: `Codex cannot write to ${home}: it is read-only`,
        hint: "mount it writable, or set CODEX_HOME to a directory that is",
      };
    }
    return DENIED.includes(number)
      ? {
        message: `Codex cannot write to ${home}: it ${
          isForeign(home) ? "belongs to another user" : "does not permit it"
        }`,
        hint: accessMend(),
      }
      : null;
  }
}

/** The command that gives the user access to the directory and its files. */
export function accessMend(): string {
  const home = codexHome();
  const named = shellWord(home);
  if (lstatIfExists(home)?.isFile) {
    return `a file stands in the place of codex's directory: mv ${named} ${named}.old`;
  }
  return isForeign(home) || isForeign(`${home}/auth.json`)
    ? `make it your own: sudo chown -R "$(id -u)" ${named}`
    : `let yourself in: chmod -R u+rwX ${named}`;
}

function isForeign(path: string): boolean {
  try {
    const owner = lstatIfExists(path)?.uid ?? null;
    return owner !== null && owner !== ownUid();
  } catch {
    return false; // what cannot be read proves nothing
  }
}
