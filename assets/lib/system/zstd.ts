/** Unpacking zstd, which Deno offers only in its node modules; they load when needed. */

interface Zlib {
  zstdDecompressSync(
    packed: Uint8Array,
    options: { maxOutputLength: number },
  ): Uint8Array;
}

interface BuiltinModules {
  getBuiltinModule(name: "node:zlib"): Zlib;
}

/** More than this is not unpacked, in bytes. */
const LIMIT = 1 << 30;

/**
 * The unpacked bytes.
 * @throws {Error} where `packed` is no zstd, or unpacks to more than 1 GiB
 */
export function unzstd(packed: Uint8Array): Uint8Array {
  // The global one: an import would cost every call 80 ms of its start.
  const { process } = globalThis as unknown as { process: BuiltinModules };
  return process.getBuiltinModule("node:zlib")
    .zstdDecompressSync(packed, { maxOutputLength: LIMIT });
}
