/** The blocks of documents that scripts write, between `<!-- NAME:begin -->` and `<!-- NAME:end -->`. */
import { join } from "@std/path";
import { ROOT } from "./lab.ts";

/**
 * Puts `text` into the block `name` of a document and formats it.
 * @param document its path in the checkout
 * @throws {Error} when the document has no such block
 */
export async function writeBlock(
  document: string,
  name: string,
  text: string,
): Promise<void> {
  const path = join(ROOT, document);
  const before = Deno.readTextFileSync(path);
  const mark = `<!-- ${name}:begin -->`;
  const begin = before.indexOf(mark) + mark.length;
  const end = before.indexOf(`<!-- ${name}:end -->`);
  if (begin < mark.length || end < begin) {
    throw new Error(`${document} has no block ${name}`);
  }
  Deno.writeTextFileSync(
    path,
    `${before.slice(0, begin)}\n\n${text}\n\n${before.slice(end)}`,
  );
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", path] })
    .output();
}
