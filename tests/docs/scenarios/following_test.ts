/** scenarios.feature, rule "A turn can be followed, and collected whenever one likes". */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { openLab, until } from "../../lab.ts";

Deno.test("A turn is followed to its end", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play command");
  const { code, stdout } = await lab.chat(["tail", "--follow", turnId]);
  assertEquals(code, 0);
  assertEquals(stdout, Deno.readTextFileSync(lab.turn(turnId).out));
  assertMatch(stdout, /^\[command\] .* → exit 0\n[\s\S]*^\[done\] /m);
});

Deno.test("Words are in out.txt while the model speaks", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play text words=8 over=2000");
  const out = () => Deno.readTextFileSync(lab.turn(turnId).out);
  await until(() => out().includes("word-2"), "two words");
  assert(!out().includes("word-8"));
  assertEquals((await lab.json("status", turnId)).phase, "writing");
  await lab.chat(["wait", turnId]);
  assertMatch(out(), /^word-1 .* word-8\n\[done\] /m);
});

Deno.test("A turn is watched in short lines, and the last one tells the end", async () => {
  await using lab = await openLab();
  const good = await lab.start("play long kb=4");
  const bad = await lab.start("play status400");
  const { code, stdout } = await lab.chat(["watch", good, bad]);
  assertEquals(code, 1);
  const lines = stdout.trimEnd().split("\n");
  assert(lines.every((line) => line.length <= 200), stdout);
  const last = (turnId: string) =>
    lines.findLast((line) => line.startsWith(`${turnId.slice(-8)} #`));
  assertMatch(last(good)!, /^\w+ #\d+ \[complete\] .* result /);
  assertMatch(last(bad)!, /^\w+ #\d+ \[failed\] .*400/);
});

Deno.test("A watch goes on from an event without a replay", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play two_messages");
  const watch = async (...flags: string[]) =>
    (await lab.chat(["watch", turnId, ...flags])).stdout.trimEnd()
      .replaceAll(/ \(\+\d+ left out\)/g, "").split("\n");
  const numberOf = (line: string) => Number(line.match(/#(\d+)/)![1]);
  const whole = await watch();
  const first = whole.find((line) => line.includes("[message] Then"))!;
  const rest = await watch("--since", String(numberOf(first) - 1));
  assertEquals(rest, whole.slice(-2));
  const last = await watch("--since", String(numberOf(first)));
  assertEquals(last, whole.slice(-1));
});

Deno.test("Waiting prints out.txt when the turn is over", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play text words=4 over=1000");
  const { code, stdout, stderr } = await lab.chat(["wait", turnId]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(stdout, Deno.readTextFileSync(lab.turn(turnId).out));
  assertStringIncludes(stdout, "word-4");
});

Deno.test("Waiting gives up at its timeout and the turn runs on", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play text words=6 over=3000");
  const { code, stdout, stderr } = await lab.chat(
    ["wait", turnId, "--timeout", "0.5"],
  );
  assertEquals([code, stdout], [4, ""]);
  assertStringIncludes(stderr, "still running");
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
});

Deno.test("The answer is printed alone", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play two_messages");
  assertStringIncludes(
    Deno.readTextFileSync(lab.turn(turnId).out),
    "First I look around.",
  );
  const { stdout, code } = await lab.chat(["result", turnId]);
  assertEquals(code, 0);
  assertEquals(stdout, "Then I am done:\nfrom-codex\n");
});

Deno.test("The events of a turn are kept, one JSON document a line", async () => {
  await using lab = await openLab({
    config: "[tools.update_plan]\nenabled = true\n",
  });
  const cases = [
    ["play reasoning", "reasoning", "[reasoning] "],
    ["play command", "command_execution", "[command] "],
    ["play patch", "file_change", "[files] add "],
    ["play plan", "todo_list", "[plan] ✓ Step 1"],
  ] as const;
  for (const [prompt, type, line] of cases) {
    const turnId = await lab.run(prompt, "--write");
    const paths = lab.turn(turnId);
    const events = Deno.readTextFileSync(paths.events).trimEnd().split("\n")
      .map((text) => JSON.parse(text));
    assert(events.some(({ item }) => item?.type === type), prompt);
    assertEquals(events.at(-1).type, "turn.completed");
    assertStringIncludes(Deno.readTextFileSync(paths.out), line);
  }
});

Deno.test("A turn is named by a part of its id, by its label, or not at all", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello", "--label", "greeting");
  for (const name of [[turnId.slice(-8)], ["greeting"], []]) {
    assertEquals((await lab.json("status", ...name)).turn_id, turnId);
  }
});

Deno.test("The newest turns are listed", async () => {
  await using lab = await openLab();
  const ids: string[] = [];
  for (const prompt of ["one", "two", "three"]) ids.push(await lab.run(prompt));
  const { turns } = await lab.json("list-turns", "--limit", "2");
  assertEquals(
    turns.map(({ turn_id }: { turn_id: string }) => turn_id),
    ids.slice(1).toReversed(),
  );
  assertEquals(turns[0].state, "complete");
});
