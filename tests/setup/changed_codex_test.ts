import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { withCodex, writeCodex } from "./place.ts";

withCodex.test("G7 review S5: a pinned codex whose content changed is told by its digest, one that was only touched is not", async (place) => {
  await place.setup();
  const codex = join(place.bin, "codex");
  const note = join(place.root, "codex-digest");
  // Refused behind the look at codex: no turn is made.
  const said = async () => {
    const { stderr } = await place.run(place.launcher, [
      "new",
      "--cwd",
      "/gone",
      "x",
    ]);
    assertStringIncludes(stderr, "/gone");
    return stderr.includes("has changed since setup");
  };
  assertEquals(await said(), false);
  Deno.utimeSync(codex, 1000, 1000);
  assertEquals(await said(), false, "the same content");
  // The digest of 300 MB takes a second: it is taken once.
  const kept = Deno.readTextFileSync(note);
  Deno.writeTextFileSync(note, kept.replace(/\n[0-9a-f]+\n$/, "\nother\n"));
  assertEquals(await said(), true, "what was noted is believed");
  await writeCodex(codex, "1.2.4");
  assertEquals(await said(), true);
  assertEquals(Deno.readTextFileSync(note) === kept, false);
  await place.setup();
  assertEquals(await said(), false);
  // In a directory that everybody may write it is refused, by setup as well.
  Deno.chmodSync(place.bin, 0o777);
  const open = await place.run(place.launcher, ["new", "x"]);
  assertEquals(open.code, 3);
  assertStringIncludes(open.stderr, `lies below ${place.bin}, which others`);
  const setup = await place.setup();
  assertEquals(setup.code, 3);
  assertStringIncludes(setup.stderr, `lies below ${place.bin}, which others`);
});
