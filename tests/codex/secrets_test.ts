/** What exported keys are worth; that none of them goes anywhere, F14 of the faults shows. */
import { assertEquals, assertMatch } from "@std/assert";
import { openLab } from "../lab.ts";

Deno.test("Row A16, Row D5: exported keys alone count for nothing", async () => {
  await using lab = await openLab({ auth: "none" });
  const { code, stderr } = await lab.chat(["new", "hi"], {
    env: {
      OPENAI_API_KEY: "sk-canary-openai",
      CODEX_API_KEY: "sk-canary-codex",
      CODEX_ACCESS_TOKEN: "canary-access-token",
    },
  });
  assertEquals(code, 2);
  assertMatch(stderr, /codex login/);
  assertEquals(lab.turnIds(), []);
  assertEquals(lab.server.requests.length, 0);
});
