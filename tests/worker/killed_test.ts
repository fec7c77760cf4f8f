import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openLab, processesOf, until } from "../lab.ts";
import { assertAbandoned, killWorker } from "./killed.ts";

const ENGINES = ["app-server", "sdk"];

for (const engine of ENGINES) {
  // Any other moment: killed_often_test.ts.
  Deno.test(`A18 a worker killed while a command runs leaves an abandoned turn and no process (Row A29) (${engine})`, async () => {
    await using lab = await openLab();
    const prompt = "play sleep seconds=77";
    const turnId = await lab.start(prompt, "--write", "--engine", engine);
    const asleep = () =>
      processesOf(lab.home.home).some(({ command }) =>
        command.startsWith("sleep 77")
      );
    await until(asleep, "the command to run");
    await assertAbandoned(lab, turnId, await killWorker(lab, turnId));
  });

  Deno.test(`A3 what a killed worker wrote is kept, its thread is shown and can be continued (${engine})`, async () => {
    await using lab = await openLab();
    const turnId = await lab.start(
      "play two_messages cmd=sleep%2078",
      ...["--engine", engine],
    );
    const out = () => Deno.readTextFileSync(lab.turn(turnId).out);
    await until(() => out().includes("look around."), "codex to speak");
    const written = out();
    await assertAbandoned(lab, turnId, await killWorker(lab, turnId));
    assert(out().startsWith(written), "what was written stays");

    const status = await lab.json("status", turnId);
    assert(status.thread_id, "status shows the thread");
    assertEquals(status.error.code, "abandoned");
    assertStringIncludes(status.error.hint, status.thread_id);
    const { thread_id } = await lab.json("result", turnId, "--json");
    assertEquals(thread_id, status.thread_id);

    const go = ["continue", "--engine", engine, "--thread", thread_id];
    const next = await lab.json(...go, "go on");
    const waited = await lab.chat(["wait", next.turn_id]);
    assertEquals(waited.code, 0, waited.stderr);
    assertStringIncludes(waited.stdout, "You said: go on");
    assertEquals(lab.server.turns().at(-1)?.threadId, thread_id);
  });
}
