/** Directories in which another user could replace a file. */
import { ownUid } from "./own_uid.ts";

/** The group of macOS's administrators, who may do everything anyway. */
const MACOS_ADMIN = 80;

/** The mode bit of a directory in which only an entry's owner may rename or remove it. */
const STICKY = 0o1000;

/**
 * The directory above `path`, a real one or one of its links, in which others can replace
 * what it leads to; null where there is none. As in sshd, every directory up to the root
 * is checked, and must belong to root, to this user or to the owner of the file. In a
 * sticky one such as /tmp others cannot replace what is root's or this user's.
 */
export function openDirectory(
  path: string,
  fileOwner: number | null,
): string | null {
  const trusted = [0, ownUid(), fileOwner];
  for (const start of new Set([path, Deno.realPathSync(path)])) {
    for (let entry = start; entry !== "/"; entry = parentOf(entry)) {
      const at = parentOf(entry);
      const { uid, gid, mode } = Deno.statSync(at);
      const groupIsOwn = gid === 0 || gid === uid ||
        (Deno.build.os === "darwin" && gid === MACOS_ADMIN);
      const forbidden = groupIsOwn ? 0o002 : 0o022;
      const writable = ((mode ?? 0) & forbidden) !== 0;
      const kept = ((mode ?? 0) & STICKY) !== 0 &&
        [0, ownUid()].includes(Deno.lstatSync(entry).uid);
      if ((writable && !kept) || !trusted.includes(uid)) return at;
    }
  }
  return null;
}

const parentOf = (path: string): string =>
  path.slice(0, path.lastIndexOf("/")) || "/";
