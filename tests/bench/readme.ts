/** The block of README.md that quotes the bench. */

import { join } from "@std/path";
import { ROOT } from "../lab.ts";

const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

/** Puts `text` between the markers of README.md; returns false, and writes nothing, where it has none. */
export function writeReadme(text: string): boolean {
  const path = join(ROOT, "README.md");
  let readme: string;
  try {
    readme = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) return false;
  Deno.writeTextFileSync(
    path,
    `${readme.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${
      readme.slice(end)
    }`,
  );
  return true;
}
