import { assert } from "@std/assert";
import { normalised } from "../session/screen.ts";
import { codeBlocks, read } from "./documents.ts";

Deno.test("README's sample is cut from the session that is run, with ids and times of its own", () => {
  let session = `\n${read("tests/session/session.txt")}`;
  const sample = codeBlocks(read("README.md"))
    .find(({ language }) => language === "console")!.body;
  // The session names its ids in the order of their appearance, and so does the sample.
  for (const piece of normalised(sample).split(/^…\n/m)) {
    const at = session.indexOf(`\n${piece}`);
    assert(at !== -1, `not printed, or not here:\n${piece}`);
    session = session.slice(at + piece.length);
  }
});
