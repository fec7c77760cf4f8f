import { assert, assertEquals, assertMatch } from "@std/assert";
import { openLab } from "../lab.ts";
import { metaOf } from "../live_turns/turn_text.ts";

Deno.test("Row D15: a fork goes on with a copy, and the thread itself stays as it is", async () => {
  await using lab = await openLab();
  const first = await lab.run("first");
  const thread = lab.result(first).thread_id;
  const { turn_id: forked } = await lab.json("fork", "second");
  assertEquals((await lab.chat(["wait", forked])).code, 0);
  const copy = lab.result(forked).thread_id;
  assert(copy !== thread, "a thread of its own");
  assertEquals(metaOf(lab, forked).resumed_from, thread);
  assertEquals(metaOf(lab, forked).thread_id, copy);
  assertEquals(lab.server.turns().at(-1)!.prompts, ["first", "second"]);
  assertEquals(lab.result(forked).text, "You said: second");

  const { turn_id: original } = await lab.json(
    ...["continue", "--thread", thread, "third"],
  );
  await lab.chat(["wait", original]);
  assertEquals(lab.server.turns().at(-1)!.prompts, ["first", "third"]);
  const { turn_id: onCopy } = await lab.json(
    ...["continue", "--thread", copy, "fourth"],
  );
  await lab.chat(["wait", onCopy]);
  assertEquals(lab.server.turns().at(-1)!.prompts, [
    ...["first", "second", "fourth"],
  ]);
});

Deno.test("the usage of a fork is its own turn's", async () => {
  await using lab = await openLab();
  await lab.run("play command");
  const { turn_id } = await lab.json("fork", "hi");
  await lab.chat(["wait", turn_id]);
  assertEquals(lab.result(turn_id).usage.input_tokens, 2401);
});

Deno.test("a thread can be forked while a turn runs on it", async () => {
  await using lab = await openLab();
  const thread = lab.result(await lab.run("first")).thread_id;
  const running = await lab.json(
    ...["continue", "--thread", thread, "play hang"],
  );
  await lab.server.waitFor((server) => server.openStreams > 0);
  const { turn_id } = await lab.json("fork", "--thread", thread, "second");
  const { code, stderr } = await lab.chat(["wait", turn_id]);
  assertEquals(code, 0, stderr);
  assertEquals((await lab.json("status", running.turn_id)).state, "running");
});

Deno.test("a fork without a thread, of an unknown one, or on the SDK is refused", async () => {
  await using lab = await openLab();
  const nothing = await lab.chat(["fork", "hello"]);
  assertEquals(nothing.code, 6);
  assertMatch(nothing.stderr, /no thread/);
  const unknown = await lab.chat([
    ...["fork", "--thread", "01a1fe8e-d5c8-77c3-a907-824799b88933", "hello"],
  ]);
  assertEquals(unknown.code, 6);
  const sdk = await lab.chat(["fork", "--engine", "sdk", "hello"]);
  assertEquals(sdk.code, 2);
  assertEquals(lab.turnIds(), []);
});
