/** The SHA-256 digest of a large file. */

/** The digest of a file, hex. It is read piece by piece: codex is some 300 MB. */
export async function fileDigest(path: string): Promise<string> {
  // Loaded here: most setups find the binary unchanged and need no digest.
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256");
  using file = Deno.openSync(path, { read: true });
  const piece = new Uint8Array(1 << 20);
  for (let read; (read = file.readSync(piece)) !== null;) {
    hash.update(piece.subarray(0, read));
  }
  return hash.digest("hex");
}
