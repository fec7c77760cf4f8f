import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { openLab } from "../lab.ts";
import { pinFake } from "./fake_codex.ts";

Deno.test("Row D30: codex's stdin is closed after the prompt", async () => {
  await using lab = await openLab();
  pinFake(lab, 'begin; prompt=$(cat); say "got $prompt"; complete');
  const turnId = await lab.run("hi");
  assertEquals(lab.result(turnId).text, "got hi");
});

Deno.test("a turn that codex completed is complete although codex's own record cannot be read", async () => {
  await using lab = await openLab();
  const sessions = join(lab.home.home, ".codex/sessions");
  pinFake(
    lab,
    `cat >/dev/null; begin; say fine; ln -sfn sessions '${sessions}'; complete`,
  );
  const turnId = await lab.run("hi");
  const { status, text } = lab.result(turnId);
  assertEquals(status, "complete");
  assertStringIncludes(text, "fine");
});

Deno.test("separators of lines that JSON leaves as they are cut no event in pieces", async () => {
  await using lab = await openLab();
  pinFake(lab, "begin; cat >/dev/null; say 'a\u2028b\u2029c\u0085d'; complete");
  const turnId = await lab.run("hi");
  assertEquals(lab.result(turnId).text, "a\u2028b\u2029c\u0085d");
});
