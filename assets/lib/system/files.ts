/** Files as this tool writes them: private, whole or not at all, never through a planted link. */

/** Creates a private directory (0700 whatever the umask), and those above it, unless it exists. */
export function ensurePrivateDir(path: string): void {
  try {
    makePrivateDir(path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    const parent = path.slice(0, path.lastIndexOf("/"));
    // An existing parent cannot be what is missing (a dangling link, /proc).
    const missing = error instanceof Deno.errors.NotFound && parent !== "" &&
      !lstatIfExists(parent);
    if (!missing) throw error;
    ensurePrivateDir(parent);
    makePrivateDir(path);
  }
}

/** Creates a directory that must not exist yet, 0700 whatever the umask. */
export function makePrivateDir(path: string): void {
  Deno.mkdirSync(path, { mode: 0o700 });
  setMode(path, 0o700);
}

/** chmod, where the platform knows modes. */
export function setMode(path: string, mode: number): void {
  if (Deno.build.os !== "windows") Deno.chmodSync(path, mode);
}

/** Writes all of `bytes`; one write can be short. */
export function writeAllSync(
  file: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}

/** Text is encoded in pieces of this many bytes. */
const PIECE = 256 * 1024;

/**
 * Writes all of `parts`, one after the other. Long text goes piece by piece: encoded at
 * once, it would take its size in memory again.
 */
export function writeText(
  file: { writeSync(bytes: Uint8Array): number },
  ...parts: string[]
): void {
  const encoder = new TextEncoder();
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length < PIECE) {
    return writeAllSync(file, encoder.encode(parts.join("")));
  }
  const buffer = new Uint8Array(PIECE);
  for (const part of parts) {
    for (let at = 0; at < part.length;) {
      const { read, written } = encoder.encodeInto(part.slice(at), buffer);
      writeAllSync(file, buffer.subarray(0, written));
      at += read;
    }
  }
}

/** Creates `path`, which must not exist: whatever is planted there is refused. */
export function createFile(
  path: string,
  content: string | readonly string[] | Uint8Array,
  { sync = false, mode = 0o600 }: { sync?: boolean; mode?: number } = {},
): void {
  using file = Deno.openSync(path, { write: true, createNew: true, mode });
  setMode(path, mode);
  if (content instanceof Uint8Array) writeAllSync(file, content);
  else writeText(file, ...typeof content === "string" ? [content] : content);
  if (sync) file.syncDataSync();
}

/**
 * Replaces `path` in one step: readers see the old content or the new, and a full disk
 * leaves the old. The temporary file is beside it; its name ends in `.tmp`.
 */
export function replaceFile(
  path: string,
  content: string | readonly string[],
  mode = 0o600,
): void {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    createFile(temporary, content, { sync: true, mode });
    Deno.renameSync(temporary, path);
  } catch (error) {
    try {
      Deno.removeSync(temporary);
    } catch {
      // Nothing was written, or the disk refuses even that: the first error counts.
    }
    throw error;
  }
}

/** The text of `path`, or null when there is no such file. */
export function readTextIfExists(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The most that one read returns; nearly every small file fits. */
const CHUNK = new Uint8Array(64 * 1024);

/**
 * The text of a small file, or null where it has more than `limit` bytes: the rest of it is
 * not read then.
 * @throws {Deno.errors.NotFound}
 */
export function readTextWithin(path: string, limit: number): string | null {
  using file = Deno.openSync(path);
  const decoder = new TextDecoder();
  let text = "";
  for (let total = 0;;) {
    const count = file.readSync(CHUNK) ?? 0;
    const last = count < CHUNK.length;
    total += count;
    if (total > limit) return null;
    text += decoder.decode(CHUNK.subarray(0, count), { stream: !last });
    if (last) return text;
  }
}

/**
 * The bytes of `path` from `from` up to `to`, fewer where the file ends before that.
 * @throws {Deno.errors.NotFound}
 */
export function readRange(path: string, from: number, to: number): Uint8Array {
  using file = Deno.openSync(path, { read: true });
  if (from > 0) file.seekSync(from, Deno.SeekMode.Start);
  const bytes = new Uint8Array(to - from);
  let read = 0;
  while (read < bytes.length) {
    const count = file.readSync(bytes.subarray(read));
    if (count === null) break;
    read += count;
  }
  return bytes.subarray(0, read);
}

/** The entries of a directory; none if it is missing. */
export function entriesOf(dir: string): Deno.DirEntry[] {
  try {
    return Array.from(Deno.readDirSync(dir));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The file at `path` itself (a link is not followed), or null. */
export function lstatIfExists(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}

/** The file that `path` leads to, following links, or null. */
export function statIfExists(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Removes a file or tree; one that is gone already is fine. */
export function removeIfExists(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
