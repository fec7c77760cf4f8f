/** Packing as codex does it with session files that nobody has touched for long. */
import { zstdCompressSync } from "node:zlib";

/** `text` as zstd. */
export const zstd = (text: string): Uint8Array =>
  new Uint8Array(zstdCompressSync(new TextEncoder().encode(text)));

/** Packs a session file in place; returns its new path. */
export function pack(path: string): string {
  Deno.writeFileSync(`${path}.zst`, zstd(Deno.readTextFileSync(path)));
  Deno.removeSync(path);
  return `${path}.zst`;
}
