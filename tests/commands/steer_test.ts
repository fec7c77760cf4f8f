import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openLab, until } from "../lab.ts";
import { eventsOf, outOf } from "../live_turns/turn_text.ts";
import { assertRefused } from "./refusal.ts";

const SLOW = "play text words=100 over=20000";
const NOBODY = "01a1fe8e-d5c8-77c3-a907-824799b88933";

Deno.test("Row D16: after a steer the model's next request contains the text, and the answer is the new one", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(SLOW);
  await until(() => outOf(lab, turnId).includes("word-1"), "the first word");
  const text = 'play instant say=Steered\n"quotes" $(touch x) `y` 🚀';
  const steered = await lab.chat(["steer", turnId, text]);
  assertEquals(steered, {
    code: 0,
    stdout: "The text was added to the turn\n",
    stderr: "",
  });
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
  const requests = lab.server.turns();
  assertEquals(requests.length, 2);
  assertEquals(requests[1]!.prompts, [SLOW, text]);
  assertEquals(requests[1]!.threadId, requests[0]!.threadId);
  // newcomer C3: the words that did it stand there.
  assertStringIncludes(
    outOf(lab, turnId),
    '\n[steer] play instant say=Steered "quotes" $(touch x) `y` 🚀\n',
  );
  assertEquals(lab.result(turnId).text, "Steered");
  assertEquals((await lab.chat(["result", turnId])).stdout, "Steered\n");
});

Deno.test("a steer from stdin while a command runs keeps its lines and is taken up after it; an empty one is refused", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play command cmd=sleep%201.5", "--write");
  await until(
    () => eventsOf(lab, turnId).some(({ item }) => item?.command),
    "the command to run",
  );
  for (const stdin of ["", " \n"]) {
    const empty = await lab.chat(["steer", turnId, "-"], { stdin });
    assertEquals(empty.code, 2, JSON.stringify(stdin));
  }
  const text = "play instant say=Piped\nand a second line\n";
  const { code, stderr } = await lab.chat(["steer", "-"], { stdin: text });
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /note: turn /);
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
  assertEquals(lab.server.turns().at(-1)!.prompts.at(-1), text.slice(0, -1));
  assertEquals(lab.result(turnId).text, "Piped");
  const events = eventsOf(lab, turnId).filter(({ type }) =>
    type === "turn.steered"
  );
  assertEquals(events, [{ type: "turn.steered", text: text.slice(0, -1) }]);
});

Deno.test("two steers at once are both heard, in one order; --json tells the turn and what became of it", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(SLOW);
  await until(() => outOf(lab, turnId).includes("word-1"), "the first word");
  const texts = ["a", "b"].map((end) => `play text words=3 over=1500 ${end}`);
  const both = await Promise.all(
    texts.map((text) => lab.json("steer", turnId, text, "--json")),
  );
  for (const told of both) {
    assertEquals([told.turn_id, told.ok], [turnId, true]);
    assertEquals(typeof told.schema_version, "number");
  }
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
  const heard = lab.server.turns().at(-1)!.prompts;
  assertEquals(
    heard.slice(1).flatMap((text) => text.split("\n")).sort(),
    texts,
  );
});

Deno.test("newcomer A14, review A15: a steer right after new is heard, also while the turn is queued; what is never taken is told", async () => {
  await using lab = await openLab({ maxConcurrent: 1 });
  const early = "play instant say=Early";
  const first = await lab.start(SLOW);
  const steered = await lab.chat(["steer", first, early]);
  assertEquals(steered.stderr, "");
  // On a slow machine codex may begin later than its asker waits for it.
  assertMatch(steered.stdout, /^The text was added|^Codex gets the text/);
  assertEquals((await lab.chat(["wait", first])).code, 0);
  assertEquals(lab.result(first).text, "Early");

  const before = await lab.start("play hang");
  const [queued, given] = [await lab.start(SLOW), await lab.start(SLOW)];
  assertEquals((await lab.chat(["steer", given, "Too soon"])).code, 0);
  await lab.chat(["cancel", given]);
  assertMatch(
    outOf(lab, given),
    /^\[steer\] not taken \(the turn ended before codex had begun\): Too soon$/m,
  );
  const [event] = eventsOf(lab, given);
  assertEquals([event?.type, event?.text], ["turn.steer_refused", "Too soon"]);
  const kept = await lab.chat(["steer", queued, early]);
  assertEquals(kept.stderr, "");
  assertEquals(kept.stdout, "Codex gets the text as soon as it begins\n");
  await lab.chat(["cancel", before]);
  assertEquals((await lab.chat(["wait", queued])).code, 0);
  assertEquals(lab.result(queued).text, "Early");
  assertMatch(outOf(lab, queued), /^\[steer\] play instant say=Early$/m);
});

Deno.test("steering a turn that is over says its state and what to do instead; an unknown one: exit 6; without a turn or a text: exit 2", async () => {
  await using lab = await openLab();
  await assertRefused(lab, ["steer", await lab.run("hello"), "more"], {
    exit: 1,
    code: "not_running",
    says: /is complete — .*continue its thread/,
  });
  await assertRefused(lab, ["steer", NOBODY, "more"], {
    exit: 6,
    code: "no_such_turn",
    says: /no turn/i,
  });
  for (const args of [[], [NOBODY], [NOBODY, ""], [NOBODY, "a", "b"]]) {
    assertEquals((await lab.chat(["steer", ...args])).code, 2, args.join(" "));
  }
});

Deno.test("steering an SDK turn: exit 1 and the engine that can", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(SLOW, "--engine", "sdk");
  await until(() => lab.server.openStreams > 0, "the model to be asked");
  const { code, stderr } = await lab.chat(["steer", turnId, "more"]);
  assertEquals(code, 1);
  assertMatch(stderr, /SDK engine cannot be steered; use --engine app-server/);
  assertEquals((await lab.json("status", turnId)).state, "running");
});
