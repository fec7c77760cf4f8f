/** The end of a text file, found backwards, without reading all of it. */

const BLOCK = 64 * 1024;
const NEWLINE = 0x0a;

/** Where the last `count` lines of the file begin, in bytes; a line without its end is one. */
export function offsetOfLastLines(path: string, count: number): number {
  using file = Deno.openSync(path, { read: true });
  const size = file.statSync().size;
  if (count === 0) return size;
  const block = new Uint8Array(BLOCK);
  let left = count;
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - BLOCK);
    file.seekSync(start, Deno.SeekMode.Start);
    const read = file.readSync(block.subarray(0, end - start)) ?? 0;
    for (let at = read - 1; at >= 0; at--) {
      // The newline at the very end closes the last line; it is not before one.
      if (block[at] !== NEWLINE || start + at === size - 1) continue;
      if (--left === 0) return start + at + 1;
    }
    end = start;
  }
  return 0;
}

/** The last line without its end, or its first 64 KB; "" without a file. */
export function lastLineOf(path: string): string {
  try {
    const offset = offsetOfLastLines(path, 1);
    using file = Deno.openSync(path, { read: true });
    file.seekSync(offset, Deno.SeekMode.Start);
    const block = new Uint8Array(BLOCK);
    const read = file.readSync(block) ?? 0;
    return new TextDecoder().decode(block.subarray(0, read))
      .replace(/\n$/, "");
  } catch (error) {
    const { NotFound, PermissionDenied } = Deno.errors;
    if (error instanceof NotFound || error instanceof PermissionDenied) {
      return "";
    }
    throw error;
  }
}
