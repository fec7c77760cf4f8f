/** A child's last output. */
import { sleep } from "./clock.ts";

/** How much is kept, in bytes. */
const KEPT = 8 * 1024;
/** How long to wait for the end of the stream once the child is gone, in ms. */
const END_MS = 200;

/** Reads a stream to its end, so that its writer never blocks, and keeps only its tail. */
export class Tail {
  #text = "";
  #ended: Promise<void>;

  constructor(stream: AsyncIterable<string>) {
    this.#ended = this.#read(stream);
  }

  /**
   * At most 8 KB of what was written last, for when the child has ended: its output might
   * still arrive, and a child of its own might hold the stream open for ever.
   */
  async text(): Promise<string> {
    await Promise.race([this.#ended, sleep(END_MS)]);
    const bytes = new TextEncoder().encode(this.#text);
    let from = Math.max(0, bytes.length - KEPT);
    // Not in the middle of a character.
    while ((bytes[from] ?? 0) >> 6 === 0b10) from++;
    return new TextDecoder().decode(bytes.subarray(from)).trim();
  }

  async #read(stream: AsyncIterable<string>): Promise<void> {
    try {
      for await (const piece of stream) {
        this.#text = (this.#text + piece).slice(-KEPT);
      }
    } catch {
      // The pipe broke with the process.
    }
  }
}
