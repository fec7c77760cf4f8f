import { assertEquals, assertMatch } from "@std/assert";
import { openLab } from "../lab.ts";

Deno.test("newcomer C5: result prints the answer alone, and says so while the turn runs", async () => {
  await using lab = await openLab();
  const running = await lab.start("play hang", "--label", "slow");
  const early = await lab.chat(["result", "slow"]);
  assertEquals([early.code, early.stdout], [4, ""]);
  assertMatch(early.stderr, new RegExp(`wait ${running.slice(-8)}\n$`));
  await lab.chat(["cancel", running]);

  const turnId = await lab.run("play two_messages", "--write");
  const { code, stdout, stderr } = await lab.chat(["result", turnId]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(stdout, "Then I am done:\nfrom-codex\n");
  // --json is result.json, and says only once how the turn stands.
  const json = await lab.json("result", turnId, "--json");
  assertEquals(json, lab.result(turnId));
  assertEquals([json.schema_version, json.status], [1, "complete"]);
  assertEquals("state" in json, false);
});
