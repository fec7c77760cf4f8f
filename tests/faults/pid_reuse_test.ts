/** The pids of a dead turn come to innocent processes; nobody signals those. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { type Lab, openLab } from "../lab.ts";
import type { Scene, SceneReport } from "./pid_scene.ts";
import { chatCommand, runIn } from "./under.ts";

const SCENE = fromFileUrl(new URL("./pid_scene.ts", import.meta.url));

/** Plays a scene in a namespace whose first process does nothing but reap. */
async function play(
  lab: Lab,
  scene: Pick<Scene, "engine" | "dies">,
): Promise<SceneReport> {
  const whole: Scene = {
    chat: chatCommand(lab, []),
    turnsDir: `${lab.home.home}/.codex-server/turns`,
    ...scene,
  };
  const deno = [Deno.execPath(), "run", "-q", "-A", "--no-check", SCENE];
  const { code, stdout, stderr } = await runIn(lab, [
    ...["unshare", "-pf", "--mount-proc", "--kill-child"],
    ...["/bin/sh", "-c", '"$@"; exit $?', "sh"],
    ...[...deno, JSON.stringify(whole)],
  ]);
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout);
}

Deno.test("A15 a worker's pid that another process has now is not taken for the worker", async () => {
  await using lab = await openLab();
  const { said, spared } = await play(lab, {
    engine: "app-server",
    dies: "worker",
  });
  assertEquals(JSON.parse(said.status!.stdout).state, "abandoned");
  assertEquals(said.wait!.code, 1);
  assertStringIncludes(said.wait!.stderr, "abandoned");
  assertEquals(said.cancel!.code, 0);
  assertStringIncludes(said.cancel!.stdout, "was already abandoned");
  assert(spared, "the process with the worker's pid lives");
});

for (const engine of ["app-server", "sdk"]) {
  Deno.test(`A15 a guardian spares the process that has the pid of codex now (${engine})`, async () => {
    await using lab = await openLab();
    const { spared } = await play(lab, { engine, dies: "codex" });
    assert(spared, "the process with codex's pid lives");
  });
}
