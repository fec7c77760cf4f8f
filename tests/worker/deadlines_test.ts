import { assert, assertEquals, assertMatch } from "@std/assert";
import { openLab, processesOf, until } from "../lab.ts";

for (const engine of ["sdk", "app-server"]) {
  Deno.test(`B7 a turn over its deadline, or silent for too long, is stopped and leaves no process (${engine}) (Row D27)`, async (t) => {
    await using lab = await openLab();
    const cases: [
      name: string,
      flags: string[],
      code: string,
      prompt: string,
    ][] = [
      [
        "--max-time",
        ["--max-time", "1.5"],
        "timed_out",
        "play text words=99 over=30000",
      ],
      [
        "--idle-timeout",
        ["--idle-timeout", "1.5"],
        "stalled",
        "play hang words=2",
      ],
      [
        "--idle-timeout, no header",
        ["--idle-timeout", "1.5"],
        "stalled",
        "play silent",
      ],
    ];
    for (const [name, flags, code, prompt] of cases) {
      await t.step(name, async () => {
        const turnId = await lab.run(prompt, "--engine", engine, ...flags);
        const { status, error } = lab.result(turnId);
        assertEquals(status, "failed");
        assertEquals(error.code, code);
        assertMatch(error.message, /1\.5 s/);
        assert(error.hint !== "");
        await until(() => lab.server.openStreams === 0, "the stream to close");
        await until(() => processesOf(lab.home.home).length === 0, "its end");
      });
    }
  });

  Deno.test(`B27 codex's retries are told in out.txt and do not end the turn (${engine}) (Row D27)`, async () => {
    await using lab = await openLab();
    const turnId = await lab.run("play cut times=1", "--engine", engine);
    assertEquals(lab.result(turnId).status, "complete");
    assertMatch(Deno.readTextFileSync(lab.turn(turnId).out), /^\[retry\] /m);
    assertEquals(lab.server.turns().length, 2);
  });
}

Deno.test("B7 silence while a command runs is no stall", async () => {
  await using lab = await openLab();
  const run = async (engine: string) => {
    const turnId = await lab.run(
      "play sleep seconds=5",
      ...["--engine", engine, "--write", "--idle-timeout", "3.5"],
    );
    assertEquals([engine, lab.result(turnId).status], [engine, "complete"]);
  };
  await Promise.all(["sdk", "app-server"].map(run));
});
