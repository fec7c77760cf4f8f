/** SKILL.md's tables name no verb and no flag that there is not. */
import { assert } from "@std/assert";
import { allOptions } from "../../assets/lib/cli/command.ts";
import { VERBS } from "../../assets/lib/cli/registry.ts";
import { inlineCode, read, section, tableRows } from "./documents.ts";

const surface = section(read("SKILL.md"), "CLI surface");
const cells = tableRows(surface)
  .map(([first]) => inlineCode(first!)[0] ?? "");
const synopses = cells.filter((cell) => /^[a-z]/.test(cell));
const turnFlags = cells.filter((cell) => cell.startsWith("--"));
/** The flags that `review` does not take, as the sentence above their table says. */
const notOfReview = inlineCode(
  surface.match(/`review` takes all but([^:]*):/)?.[1] ?? "",
);

/** A synopsis or a flag → its flags with their values, e.g. `--limit N`, sorted. */
const flagsIn = (text: string): string[] =>
  Array.from(
    text.matchAll(/--[a-z-]+(?: [A-Z][A-Z=|-]*)?/g),
    ([flag]) => flag,
  ).sort();

/** The flags that the command line takes for `verb`. */
async function takenBy(verb: string): Promise<string[]> {
  const { command } = await VERBS[verb]!();
  return allOptions(command)
    .map(({ name, value }) => `--${name}${value ? ` ${value}` : ""}`);
}

/** The flags of a turn that `verb` takes. */
const flagsOf = (verb: string): string[] =>
  verb === "review"
    ? turnFlags.filter((flag) => !notOfReview.includes(flag.split(" ")[0]!))
    : turnFlags;

Deno.test("the verbs in SKILL.md's tables are there", () => {
  for (const synopsis of synopses) {
    const verb = synopsis.split(" ")[0]!;
    assert(Object.hasOwn(VERBS, verb), verb);
  }
});

Deno.test("the flags in SKILL.md's tables are those of --help", async () => {
  for (const synopsis of synopses) {
    const verb = synopsis.split(" ")[0]!;
    const taken = await takenBy(verb);
    const more = synopsis.includes("[flags]") ? flagsOf(verb) : [];
    for (const flag of [...flagsIn(synopsis), ...more]) {
      assert(taken.includes(flag), `${verb} takes no ${flag}`);
    }
  }
});
