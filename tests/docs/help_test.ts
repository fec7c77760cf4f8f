/** SKILL.md's tables say of every verb what its `--help` says. */
import { assertEquals } from "@std/assert";
import type { Command } from "../../assets/lib/cli/command.ts";
import { VERBS } from "../../assets/lib/cli/registry.ts";
import { TURN_OPTIONS } from "../../assets/lib/commands/turn_options.ts";
import { openLab } from "../lab.ts";
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

/** The flags that `--help` prints, without the two that every verb has. */
const helpFlags = (help: string): string[] =>
  Array.from(
    help.matchAll(/^ {2}(--[a-z-]+(?: [A-Z][A-Z=|-]*)?) {2}/gm),
    ([, flag]) => flag!,
  ).filter((flag) => flag !== "--json" && flag !== "--help").sort();

/** The flags of a turn that `verb` takes. */
const flagsOf = (verb: string): string[] =>
  verb === "review"
    ? turnFlags.filter((flag) => !notOfReview.includes(flag.split(" ")[0]!))
    : turnFlags;

Deno.test("SKILL.md names every verb and no other", () => {
  assertEquals(
    synopses.map((synopsis) => synopsis.split(" ")[0]),
    Object.keys(VERBS),
  );
});

Deno.test("The flags in SKILL.md's tables are those of --help", async (t) => {
  await using lab = await openLab();
  for (const synopsis of synopses) {
    const verb = synopsis.split(" ")[0]!;
    await t.step(verb, async () => {
      const { stdout, code } = await lab.chat([verb, "--help"]);
      assertEquals(code, 0);
      const more = synopsis.includes("[flags]") ? flagsOf(verb) : [];
      const documented = [...flagsIn(synopsis), ...more].sort();
      assertEquals(documented, helpFlags(stdout));
    });
  }
});

Deno.test("SKILL.md's flags of a turn are in the order of --help", () => {
  const options: Command["options"] = TURN_OPTIONS;
  assertEquals(
    turnFlags,
    options.map(({ name, value }) => `--${name}${value ? ` ${value}` : ""}`),
  );
});
