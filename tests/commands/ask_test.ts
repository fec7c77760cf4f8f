import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openLab } from "../lab.ts";

const cs = "~/.codex-server/bin/codex-server";

Deno.test("Row F20: ask waits and prints the answer alone, the turn's id on stderr", async () => {
  await using lab = await openLab();
  const { code, stdout, stderr } = await lab.chat([
    ...["ask", "play two_messages", "--label", "asked"],
  ]);
  const [turnId] = lab.turnIds();
  assertEquals([code, stdout], [0, "Then I am done:\nfrom-codex\n"]);
  assertEquals(stderr, `codex-server: note: turn ${turnId}\n`);
  assertEquals((await lab.json("status", "asked")).turn_id, turnId);

  const json = await lab.chat(["ask", "--json", "--", "-hello"]);
  assertEquals(JSON.parse(json.stdout), lab.result(lab.turnIds()[1]!));
  assertEquals(JSON.parse(json.stdout).text, "You said: -hello");
});

Deno.test("Row F20: an ask that fails prints no answer, but a line and the exit code", async () => {
  await using lab = await openLab();
  const { code, stdout, stderr } = await lab.chat(["ask", "play status400"]);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /\ncodex-server: turn \w{8} failed: .*400.* — .*\n$/);
  const json = await lab.chat(["ask", "--json", "play status400"]);
  assertEquals(json.code, 1);
  assertEquals(JSON.parse(json.stdout).status, "failed");
  const refused = await lab.chat(["ask", "--follow", "hello"]);
  assertEquals(refused.code, 2);
});

Deno.test("Row F20: an ask that is left says how to get the answer later, and the turn runs on", async () => {
  await using lab = await openLab();
  const late = await lab.chat(["ask", "play hang", "--timeout", "0.5"]);
  const name = lab.turnIds()[0]!.slice(-8);
  assertEquals([late.code, late.stdout], [4, ""]);
  assertStringIncludes(
    late.stderr,
    `Turn ${name} is still running after 0.5 s — get the answer later with: ${cs} wait ${name} && ${cs} result ${name}\n`,
  );
  assertEquals((await lab.json("status", name)).state, "running");
});
