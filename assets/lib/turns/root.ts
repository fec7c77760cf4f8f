/** The state root `~/.codex-server`: made private, and trusted only while it is ours alone. */
import {
  ensurePrivateDir,
  lstatIfExists,
  statIfExists,
} from "../system/files.ts";
import { ownUid } from "../system/own_uid.ts";
import { stateRoot, turnsDir } from "../system/paths.ts";
import { shellWord } from "../system/shell_word.ts";
import { guardLabels } from "./labels.ts";

/** The state root is not safe to use; the hint is the command that fixes it. */
export class UnsafeRoot extends Error {
  override name = "UnsafeRoot";

  constructor(message: string, readonly hint: string) {
    super(message);
  }
}

/** Checks the state root, then creates it and its turns directory where they are missing. */
export function prepareRoot(): void {
  checkRoot(); // before anything is made in it
  ensurePrivateDir(stateRoot());
  ensurePrivateDir(turnsDir());
  guardLabels();
}

/**
 * Checks that nobody else can write into the state root. A symlink is followed when the
 * target has the link's owner.
 * @throws {UnsafeRoot}
 */
export function checkRoot(): void {
  for (const path of [stateRoot(), turnsDir()]) {
    const link = lstatIfExists(path);
    if (!link) return;
    const named = shellWord(path);
    const target = link.isSymlink ? statIfExists(path) : link;
    if (!target) {
      throw new UnsafeRoot(`${path} links to nothing`, `rm ${named}`);
    }
    if (!target.isDirectory) {
      throw new UnsafeRoot(
        `${path} is not a directory`,
        `mv ${named} ${named}.old`,
      );
    }
    if (Deno.build.os === "windows") continue;
    if (link.isSymlink && link.uid !== target.uid) {
      throw new UnsafeRoot(
        `${path} links to a directory of another user`,
        `rm ${named}`,
      );
    }
    if (target.uid !== ownUid()) {
      throw new UnsafeRoot(
        `${path} belongs to another user`,
        `chown -R "$(id -u)" ${named}`,
      );
    }
    if ((target.mode ?? 0) & 0o022) {
      throw new UnsafeRoot(
        `${path} can be written by others`,
        `chmod 700 ${named}`,
      );
    }
  }
}
