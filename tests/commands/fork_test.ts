import { assert, assertEquals } from "@std/assert";
import { openLab } from "../lab.ts";
import { metaOf } from "../live_turns/turn_text.ts";
import { wholeTurn } from "../live_turns/whole_turn.ts";
import { assertRefused } from "./refusal.ts";

Deno.test("Row D15: a fork goes on with a copy, also while the thread's turn runs, and the thread itself stays as it is", async () => {
  await using lab = await openLab();
  const prompts = () => lab.server.turns().at(-1)!.prompts;
  const thread = lab.result(await lab.run("first")).thread_id;
  const forked = await wholeTurn(lab, "fork", "second");
  const copy = lab.result(forked).thread_id;
  assert(copy !== thread, "a thread of its own");
  assertEquals(metaOf(lab, forked).resumed_from, thread);
  assertEquals(metaOf(lab, forked).thread_id, copy);
  assertEquals(prompts(), ["first", "second"]);
  assertEquals(lab.result(forked).text, "You said: second");
  // Its usage is its own turn's: the thread has used this twice by now.
  assertEquals(lab.result(forked).usage.input_tokens, 2402);

  await wholeTurn(lab, "continue", "--thread", thread, "third");
  assertEquals(prompts(), ["first", "third"]);
  await wholeTurn(lab, "continue", "--thread", copy, "fourth");
  assertEquals(prompts(), ["first", "second", "fourth"]);

  const { turn_id: running } = await lab.json(
    ...["continue", "--thread", thread, "play hang"],
  );
  await lab.server.waitFor((server) => server.openStreams > 0);
  await wholeTurn(lab, "fork", "--thread", thread, "fifth");
  assertEquals((await lab.json("status", running)).state, "running");
});

Deno.test("a fork without a thread, of an unknown one, or on the SDK is refused", async () => {
  await using lab = await openLab();
  const none = { exit: 6, code: "no_such_thread" };
  await assertRefused(lab, ["fork", "hello"], { ...none, says: /no thread/ });
  const unknown = "01a1fe8e-d5c8-77c3-a907-824799b88933";
  await assertRefused(lab, ["fork", "--thread", unknown, "hello"], none);
  const sdk = ["fork", "--engine", "sdk", "hello"];
  await assertRefused(lab, sdk, { exit: 2, code: "usage" });
});
