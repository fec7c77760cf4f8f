/** scenarios.feature, rule "Every turn comes to exactly one end". */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { type Lab, openLab, processesOf, until } from "../../lab.ts";
import { markersOf } from "../../../assets/lib/turns/markers.ts";

/** Starts a turn that goes on until somebody ends it, and waits until the model has been asked. */
async function startEndless(lab: Lab, ...flags: string[]): Promise<string> {
  const turnId = await lab.start("play hang words=2", ...flags);
  await lab.server.waitFor(({ openStreams }) => openStreams === 1);
  return turnId;
}

const failed = { done: false, error: true };

Deno.test("A cancelled turn ends, and says so", async () => {
  await using lab = await openLab();
  const turnId = await startEndless(lab);
  const { code, stdout } = await lab.chat(["cancel", turnId]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "is cancelled");
  assertEquals((await lab.json("status", turnId)).state, "cancelled");
  assertEquals(markersOf(lab.turn(turnId)), failed);
  await lab.server.waitFor(({ openStreams }) => openStreams === 0);
});

Deno.test("A turn is cancelled while it speaks", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play text words=100 over=20000");
  const out = () => Deno.readTextFileSync(lab.turn(turnId).out);
  await until(() => out().includes("word-2"), "two words");
  assertEquals((await lab.chat(["cancel", turnId])).code, 0);
  await lab.server.waitFor(({ openStreams }) => openStreams === 0);
  assertMatch(out(), /^word-1 word-2.*\n\[dropped\] .*\n\[cancelled\] .*\n$/m);
  assertEquals(lab.result(turnId).text, "");
});

Deno.test("A turn that fails says why", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play status400");
  assertEquals(markersOf(lab.turn(turnId)), failed);
  const { code, stdout, stderr } = await lab.chat(["wait", turnId]);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^codex-server: turn \S+ failed: .*400.* — \S/m);
});

Deno.test("A used-up plan has a code of its own", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play usage_limit");
  assertEquals(lab.result(turnId).error.code, "usage_limit");
  assertEquals(markersOf(lab.turn(turnId)), failed);
});

Deno.test("A turn ends at its deadline", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play hang", "--timeout", "1");
  assertEquals(lab.result(turnId).error.code, "timed_out");
  assertEquals(markersOf(lab.turn(turnId)), failed);
});

Deno.test("A silent codex is stopped", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play silent", "--idle-timeout", "1");
  assertEquals(lab.result(turnId).error.code, "stalled");
  assertEquals(markersOf(lab.turn(turnId)), failed);
});

Deno.test({
  name: "A killed worker's turn is abandoned and nothing lives on",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using lab = await openLab();
    const turnId = await startEndless(lab);
    const { pid } = JSON.parse(Deno.readTextFileSync(lab.turn(turnId).meta));
    Deno.kill(pid, "SIGKILL");
    const killed = performance.now();
    const waited = await lab.chat(["wait", turnId]);
    assert(performance.now() - killed < 1000);
    assertEquals(waited.code, 1);
    assertEquals((await lab.json("status", turnId)).state, "abandoned");
    await until(
      () => processesOf(lab.home.home).length === 0,
      "codex to be gone",
      3000,
    );
  },
});
