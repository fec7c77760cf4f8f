/** SKILL.md says of the verbs what their `--help` says. */
import { assert, assertEquals } from "@std/assert";
import { VERBS } from "../../assets/lib/cli/registry.ts";
import { inlineCode, read, section, tableRows } from "./documents.ts";

const commands = section(read("SKILL.md"), "Commands");
const [verbTable, flagTable] = [/^[a-z]/, /^--/].map((form) =>
  tableRows(commands).flatMap((row) =>
    row.flatMap((cell) => inlineCode(cell)).filter((code) => form.test(code))
  )
);

Deno.test("SKILL.md names every verb and no other", () => {
  assertEquals(
    [...new Set(verbTable)].filter((word) => word in VERBS).sort(),
    Object.keys(VERBS).sort(),
  );
});

Deno.test("The flags that SKILL.md names are flags of new, with their values", async () => {
  const { command } = await VERBS["new"]!();
  const known = new Map(
    command.options.map(({ name, value }) => [`--${name}`, value]),
  );
  assert(flagTable!.length >= 8);
  for (const flag of flagTable!) {
    const [name, value] = flag.split(" ");
    assert(known.has(name!), flag);
    // `--approvals ask` shows a word where the help has a name for any.
    if (value && value === value.toUpperCase()) {
      assertEquals(known.get(name!), value);
    }
  }
});
