import { assertEquals, assertMatch } from "@std/assert";
import { openLab, processesOf, until } from "../lab.ts";

for (
  const [name, prompt] of [
    ["a streaming turn", "play text words=100 over=20000"],
    ["a turn whose command runs", "play sleep seconds=76"],
    ["a turn whose model hangs", "play silent"],
  ] as const
) {
  Deno.test(`cancel ends ${name}, its processes and the model's stream`, async () => {
    await using lab = await openLab();
    const turnId = await lab.start(prompt, "--write");
    await until(
      () =>
        prompt.includes("sleep")
          ? processesOf(lab.home.home).some(({ command }) =>
            command.startsWith("sleep 76")
          )
          : lab.server.openStreams > 0,
      "the turn to be under way",
    );
    const cancelled = await lab.chat(["cancel", turnId]);
    assertEquals(cancelled.code, 0);
    assertEquals(cancelled.stdout, `Turn ${turnId} is cancelled\n`);
    assertEquals(lab.result(turnId).status, "cancelled");
    assertMatch(
      Deno.readTextFileSync(lab.turn(turnId).out),
      /\[cancelled\] The turn was cancelled\n$/,
    );
    await until(() => processesOf(lab.home.home).length === 0, "its processes");
    await until(() => lab.server.openStreams === 0, "the stream to close");
    assertEquals((await lab.chat(["wait", turnId])).code, 1);
  });
}

Deno.test("a turn that is over stays as it is when it is cancelled", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello");
  const cancelled = await lab.chat(["cancel", turnId]);
  assertEquals(cancelled.code, 0);
  assertEquals(cancelled.stdout, `Turn ${turnId} was already complete\n`);
});

Deno.test("a turn cancelled before its worker has started never asks the model", async () => {
  await using lab = await openLab({ maxConcurrent: 1 });
  await lab.start("play hang", "--label", "first");
  await until(() => lab.server.openStreams > 0, "the first turn to run");
  const queued = await lab.start("never asked");
  assertEquals((await lab.json("cancel", queued, "--json")).state, "cancelled");
  await lab.chat(["cancel", "first"]);
  assertEquals(lab.server.turns().map(({ prompt }) => prompt), ["play hang"]);
});
