/**
 * The installed library. `~/.codex-server/lib` is a link to one directory of `libs/`, and
 * a new version is a new directory to which the link is moved in one step: if a setup is
 * killed, `lib` leads to a whole library, and workers keep loading the files that they
 * began with, as they run by the real path.
 */
import { basename, dirname } from "node:path";
import { wallMs } from "../system/clock.ts";
import {
  createFile,
  ensurePrivateDir,
  lstatIfExists,
  makePrivateDir,
  removeIfExists,
} from "../system/files.ts";
import { installedLib, stateRoot } from "../system/paths.ts";
import { listTurnIds } from "../turns/store.ts";
import { turnIdTime } from "../turns/turn_id.ts";
import { VERSION } from "../version.ts";
import { LINKING, MAKING } from "./leftovers.ts";
import {
  libraryDigest,
  type LibraryFiles,
  readLibraryFiles,
} from "./library_files.ts";

/** How long an unused copy is kept, in ms; its mtime says since when it is unused. */
const KEEP_MS = 8 * 24 * 60 * 60 * 1000;

const libsDir = (): string => `${stateRoot()}/libs`;

/** The real directory that `lib` leads to, or null. */
export function currentLibrary(): string | null {
  try {
    return Deno.realPathSync(installedLib());
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Ensures that `libs/` contains a copy of `files` and returns its directory. */
export async function storeLibrary(files: LibraryFiles): Promise<string> {
  ensurePrivateDir(libsDir());
  const digest = await libraryDigest(files);
  for (let attempt = 1;; attempt++) {
    const suffix = attempt === 1 ? "" : `-${attempt}`;
    const dir = `${libsDir()}/${VERSION}-${digest.slice(0, 12)}${suffix}`;
    if (!lstatIfExists(dir)) {
      const making = `${libsDir()}/${MAKING}${crypto.randomUUID()}`;
      try {
        writeLibrary(making, files);
        Deno.renameSync(making, dir);
        return dir;
      } catch (error) {
        removeIfExists(making); // a full disk needs every byte
        throw error;
      }
    }
    // A modified one is left alone: a worker might run on it.
    if (await libraryDigest(readLibraryFiles(dir)) === digest) return dir;
  }
}

/** Links `lib` to `dir`, one of `libs/`. Returns false when it led there already. */
export function useLibrary(dir: string): boolean {
  const before = currentLibrary();
  if (before === Deno.realPathSync(dir)) return false;
  const lib = installedLib();
  const link = `${stateRoot()}/${LINKING}${crypto.randomUUID()}`;
  if (Deno.build.os === "windows") {
    // A junction needs no privilege, but an absolute target.
    Deno.symlinkSync(dir, link, { type: "junction" });
  } else {
    Deno.symlinkSync(`libs/${basename(dir)}`, link);
  }
  const now = new Date(wallMs());
  const isLink = lstatIfExists(lib)?.isSymlink ?? true;
  if (isLink && Deno.build.os !== "windows") {
    Deno.renameSync(link, lib);
    // Where the user has linked `lib` to another place, that is not touched.
    const isOurs = before !== null &&
      dirname(before) === Deno.realPathSync(libsDir());
    if (isOurs) Deno.utimeSync(before, now, now);
    return true;
  }
  // A rename replaces no directory: an older version's is moved aside first.
  const aside = `${libsDir()}/replaced-${crypto.randomUUID()}`;
  if (lstatIfExists(lib)) Deno.renameSync(lib, aside);
  Deno.renameSync(link, lib);
  if (lstatIfExists(aside)) Deno.utimeSync(aside, now, now);
  return true;
}

/** Removes copies that nobody can use any more. */
export function removeOldLibraries(): void {
  const current = currentLibrary();
  // Turns left that are older than the sweep's limit still run.
  const oldest = listTurnIds().at(-1);
  const oldestMs = oldest === undefined ? Infinity : turnIdTime(oldest);
  for (const { name, isDirectory } of Deno.readDirSync(libsDir())) {
    const dir = `${libsDir()}/${name}`;
    if (!isDirectory || Deno.realPathSync(dir) === current) continue;
    const unusedMs = lstatIfExists(dir)?.mtime?.getTime() ?? Infinity;
    if (wallMs() - unusedMs > KEEP_MS && oldestMs > unusedMs) {
      removeIfExists(dir);
    }
  }
}

function writeLibrary(dir: string, files: LibraryFiles): void {
  makePrivateDir(dir);
  for (const [path, bytes] of files) {
    ensurePrivateDir(dirname(`${dir}/${path}`));
    const mode = path.endsWith(".sh") ? 0o700 : 0o600;
    createFile(`${dir}/${path}`, bytes, { mode, sync: true });
  }
}
