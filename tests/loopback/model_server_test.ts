/** The loopback server is what codex takes it for; what its scenarios do, tests/engines/table_test.ts shows. */
import { assertEquals, assertMatch } from "@std/assert";
import { openLab } from "../lab.ts";

Deno.test("codex finds all that it asks of the loopback server, and a play that throws is told", async () => {
  await using lab = await openLab();
  const [fine, thrown] = [
    await lab.run("a nonce <b>7f3a</b>\n\n# AGENTS.md is mentioned"),
    await lab.run("play text words=many"),
  ];
  assertEquals(
    lab.result(fine).text,
    "You said: a nonce <b>7f3a</b>\n\n# AGENTS.md is mentioned",
  );
  assertMatch(lab.result(thrown).error.message, /Scenario parameter "words"/);
  const { requests } = lab.server;
  assertEquals(requests.filter(({ status }) => status === 404), []);
});
