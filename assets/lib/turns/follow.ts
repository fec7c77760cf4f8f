/** Reading a growing file, piece by piece and byte by byte. */

/** Gives what was appended to a file since the last read. */
export class FileFollower implements Disposable {
  #file: Deno.FsFile;
  #buffer = new Uint8Array(64 * 1024);

  /** Follows `path` from `offset`, in bytes. */
  constructor(path: string, offset = 0) {
    this.#file = Deno.openSync(path, { read: true });
    this.#file.seekSync(offset, Deno.SeekMode.Start);
  }

  /** Hands every new byte to `take`, in order, up to the present end of the file. */
  drain(take: (bytes: Uint8Array) => void): void {
    for (let n; (n = this.#file.readSync(this.#buffer));) {
      take(this.#buffer.subarray(0, n));
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}
