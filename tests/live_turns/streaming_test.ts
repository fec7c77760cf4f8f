import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { openLab, ranOf, until } from "../lab.ts";
import { eventsOf, outOf } from "./turn_text.ts";
import { wholeTurn } from "./whole_turn.ts";

Deno.test("Row A37, Row B5: out.txt grows word by word, never shrinks, and no word comes twice (Row C21, Row C22: nor in the deltas, at most 20 a second)", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play text words=100 over=2000");
  const seen = [""];
  await until(() => {
    const text = outOf(lab, turnId);
    if (text !== seen.at(-1)) {
      assert(text.startsWith(seen.at(-1)!), "it never shrinks");
      seen.push(text);
    }
    return /^\[done\]/m.test(text);
  }, "the turn to end");
  assert(seen.length > 10, `seen: ${seen.map(({ length }) => length)}`);
  const words = Array.from({ length: 100 }, (_, index) => `word-${index + 1}`);
  assertStringIncludes(outOf(lab, turnId), `${words.join(" ")}\n\n[done] `);

  await lab.chat(["wait", turnId]);
  const { text, metrics } = lab.result(turnId);
  const events = eventsOf(lab, turnId);
  const deltas = events.filter(({ type }) => type === "item.delta");
  assertEquals(deltas.map(({ delta }) => delta).join(""), text);
  const most = 20 * metrics.latency_ms / 1000 + 5;
  assert(deltas.length > 3 && deltas.length < most, `${deltas.length} deltas`);
  const { item_id } = deltas[0]!;
  const types = events.filter((event) =>
    (event.item_id ?? event.item?.id) === item_id
  ).map(({ type }) => type);
  assertEquals(types, [
    "item.started",
    ...deltas.map(() => "item.delta"),
    "item.completed",
  ]);
});

Deno.test("text that a retry orphaned is marked as dropped and is no part of the answer", async () => {
  await using lab = await openLab();
  const prompt = "play cut how=eof times=1";
  const turnId = await lab.run(prompt);
  assertEquals(lab.result(turnId).text, `You said: ${prompt}`);
  assertMatch(
    outOf(lab, turnId),
    /^lost lost lost\n\n\[dropped\] what was said last was cut off and does not count\n\[retry\] Reconnecting.*\n\nYou said: .*\n\n\[done\] .*\n$/,
  );
});

Deno.test("text that a steer cut off is marked as dropped and is no part of the answer", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play text words=100 over=20000");
  await until(() => outOf(lab, turnId).includes("word-3"), "three words");
  await lab.chat(["steer", turnId, "play instant say=Steered"]);
  await lab.chat(["wait", turnId]);
  assertEquals(lab.result(turnId).text, "Steered");
  assertMatch(
    outOf(lab, turnId),
    /^word-1 word-2 word-3.*\n\n\[steer\] .*\n\[dropped\] .*\n\nSteered\n\n\[done\] .*\n$/,
  );
});

Deno.test("Row C20, Row C23: reasoning summaries stream into one tagged line before the answer", async () => {
  await using lab = await openLab();
  const turnId = await lab.run(
    "play reasoning think=Weighing%20it.%20Twice. say=Yes",
    ...["--summary", "detailed"],
  );
  assertMatch(
    outOf(lab, turnId),
    /^\[reasoning\] Weighing it\. Twice\.\n\nYes\n\n\[done\] .*\n$/,
  );
  const streamed = eventsOf(lab, turnId)
    .filter(({ type }) => type === "item.delta");
  assert(streamed.length >= 2, "reasoning and answer both came as deltas");
});

Deno.test("Row D19: diff.patch is what the turn changed, and git can take it back", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play patch name=a.txt text=one", "--write");
  assertEquals(Deno.readTextFileSync(`${lab.repo}/a.txt`), "one\n");
  assertEquals(lab.result(turnId).files_changed, [`${lab.repo}/a.txt`]);
  const { diff } = lab.turn(turnId);
  assertMatch(Deno.readTextFileSync(diff), /^\+one$/m);
  assertEquals(Deno.statSync(diff).mode! & 0o777, 0o600);
  const git = new Deno.Command("git", {
    args: ["apply", "--reverse", diff],
    cwd: lab.repo,
    clearEnv: true,
    env: lab.env,
  });
  const { code, stderr } = await ranOf(git.output());
  assertEquals(code, 0, stderr);
  const left = Array.from(Deno.readDirSync(lab.repo), ({ name }) => name);
  assertEquals(left.sort(), [".git", "README.md"]);
});

for (const engine of ["app-server", "sdk"]) {
  Deno.test(`Row C13: usage is this turn's and not the thread's (${engine})`, async () => {
    await using lab = await openLab();
    const first = lab.result(await lab.run("play command", "--engine", engine));
    const turnId = await wholeTurn(lab, "continue", "hi", "--engine", engine);
    const second = lab.result(turnId);
    // Two requests of 2400 and some, one of which carried a tool's output; then one more.
    assert(first.usage.input_tokens > 4900, JSON.stringify(first.usage));
    assertEquals(second.usage.input_tokens, 2401);
    assertEquals(second.usage.cached_input_tokens, 1920);
    assertEquals(second.thread_id, first.thread_id);
    assertStringIncludes(outOf(lab, turnId), " s, 2401 tokens in");
  });
}

Deno.test("Row C19: the quota that the service told stands in result.json and in an event", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello");
  const { primary, secondary } = lab.result(turnId).rate_limits;
  assertEquals([primary.used_percent, primary.window_minutes], [12, 300]);
  assertEquals([secondary.used_percent, secondary.window_minutes], [34, 10080]);
  assert(Date.parse(primary.resets_at) > Date.now());
  const types = eventsOf(lab, turnId).map(({ type }) => type);
  assert(types.includes("rate_limits"));
});
