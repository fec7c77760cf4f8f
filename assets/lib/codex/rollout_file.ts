/**
 * The bytes of a session file, in either format of codex: plain, or packed with zstd
 * (`.jsonl.zst`) once it was unused for a week.
 */
import { readRange } from "../system/files.ts";
import { unzstd } from "../system/zstd.ts";

/** A session file to be read in parts. */
export interface RolloutBytes {
  size: number;
  /** The bytes from `from` up to `to`, fewer where the file ends before that. */
  range(from: number, to: number): Uint8Array;
}

/** Whether codex has packed this session file. */
export const isPacked = (path: string): boolean => path.endsWith(".zst");

/** What was unpacked last: one file is read several times in a row. */
let unpacked: { path: string; bytes: Uint8Array } | null = null;

/**
 * Opens a session file. A packed one is unpacked whole, as zstd cannot seek.
 * @throws {Error} where it cannot be read or unpacked
 */
export function openRollout(path: string): RolloutBytes {
  const { size } = Deno.statSync(path);
  if (!isPacked(path)) {
    return { size, range: (from, to) => readRange(path, from, to) };
  }
  if (unpacked?.path !== path) {
    unpacked = { path, bytes: unzstd(readRange(path, 0, size)) };
  }
  const { bytes } = unpacked;
  return { size: bytes.length, range: (from, to) => bytes.subarray(from, to) };
}
