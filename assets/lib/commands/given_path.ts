/** Files and directories that a command line names: checked in one place, refused in the same words. */
import { type CliError, usageError } from "../cli/errors.ts";
import { reasonOf } from "../system/os_error.ts";

/** Makes the error for a path that cannot be used; `reason` is the end of a sentence. */
export type Refuse = (reason: string, hint: string) => CliError;

/** The refusal of `what`, e.g. `The image`, as a wrong command line. */
export const refusing = (what: string, path: string): Refuse =>
(
  reason,
  hint,
) => usageError(`${what} ${path} ${reason}`, hint);

/** `path` as an absolute one, from the directory `base`. */
export function absolute(path: string, base: string): string {
  if (path === "") throw usageError("A path must not be empty");
  const isAbsolute = path.startsWith("/") ||
    (Deno.build.os === "windows" && /^([A-Za-z]:)?[\\/]/.test(path));
  return isAbsolute ? path : `${base}/${path}`;
}

/** The real path of a directory that must exist. */
export function requireDirectory(path: string, what: string): string {
  const refuse = refusing(what, path);
  if (!look(path, refuse).isDirectory) {
    throw refuse("is not a directory", "name a directory");
  }
  return Deno.realPathSync(path);
}

/** The real path of a file or directory that must exist. */
export function requireExisting(path: string, what: string): string {
  look(path, refusing(what, path));
  return Deno.realPathSync(path);
}

/**
 * The bytes of a regular file. A FIFO or a device is not read: it might never end.
 * @param most the file is refused, unread, when it has more bytes than this
 */
export function readGivenFile(
  path: string,
  refuse: Refuse,
  most = Infinity,
): Uint8Array {
  const info = look(path, refuse);
  if (!info.isFile) throw refuse("is not a regular file", "name a file");
  if (info.size > most) {
    throw refuse(
      `has ${info.size} bytes, more than the ${most} that fit`,
      "give a part of it, or let codex read the file itself",
    );
  }
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    throw unreadable(error, refuse);
  }
}

function look(path: string, refuse: Refuse): Deno.FileInfo {
  try {
    return Deno.statSync(path);
  } catch (error) {
    throw unreadable(error, refuse);
  }
}

function unreadable(error: unknown, refuse: Refuse): CliError {
  const { NotFound, NotADirectory, NotCapable } = Deno.errors;
  if (error instanceof NotFound || error instanceof NotADirectory) {
    return refuse("does not exist", "check the path");
  }
  if (error instanceof NotCapable) {
    // `<(command)` of a shell is a path below /dev/fd, which Deno does not open.
    return refuse(
      "cannot be read: it is not a plain file",
      "name a file, or pipe it in and give - for it",
    );
  }
  return refuse(
    `cannot be read: ${reasonOf(error)}`,
    "check its permissions",
  );
}
