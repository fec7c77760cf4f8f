import { assertEquals } from "@std/assert";
import { openLab, until } from "../lab.ts";

/** How a turn, its processes and its stream end is in tests/live_turns/cancel_test.ts. */
Deno.test("cancel tells what became of the turn, in words and as JSON, and wait ends with 1", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play silent");
  await until(() => lab.server.openStreams > 0, "the model to be asked");
  assertEquals(await lab.chat(["cancel", turnId]), {
    code: 0,
    stdout: `Turn ${turnId} is cancelled\n`,
    stderr: "",
  });
  await until(() => lab.server.openStreams === 0, "the stream to close");
  assertEquals((await lab.chat(["wait", turnId])).code, 1);
  const again = await lab.json("cancel", turnId, "--json");
  assertEquals([again.turn_id, again.state], [turnId, "cancelled"]);
});
