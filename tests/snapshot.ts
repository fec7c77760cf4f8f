/** Whole outputs, kept as files that a reviewer reads. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "./lab.ts";

/**
 * `text` is what the file `path` of the checkout holds. After a wanted change:
 * `deno test -A FILE -- --update` writes it anew.
 */
export function assertSnapshot(path: string, text: string): void {
  const file = join(ROOT, path);
  if (Deno.args.includes("--update")) Deno.writeTextFileSync(file, text);
  assertEquals(
    text,
    Deno.readTextFileSync(file),
    `${path} is out of date: run its test with -- --update, and read the difference`,
  );
}
