import { assertEquals, assertMatch } from "@std/assert";
import { openLab } from "../lab.ts";
import { wholeTurn } from "../live_turns/whole_turn.ts";
import { linesOnTerminal } from "../terminal.ts";

Deno.test("Row A14, newcomer C1: show tells what a thread is and what was said on it last", async () => {
  await using lab = await openLab();
  const thread = lab.result(await lab.run("first")).thread_id;
  const turnId = await wholeTurn(lab, "continue", "second");
  const shown = await lab.json("show", thread);
  assertEquals(
    [shown.schema_version, shown.thread_id, shown.cwd, shown.last_turn],
    [1, thread, lab.repo, turnId],
  );
  assertEquals(
    shown.messages.map((
      said: Record<string, string>,
    ) => [said.role, said.text]),
    [
      ...[["user", "first"], ["assistant", "You said: first"]],
      ...[["user", "second"], ["assistant", "You said: second"]],
    ],
  );
  const last = await lab.json("show", thread, "--limit", "1");
  assertEquals(last.messages.length, 1);
  assertEquals(last.messages[0].text, "You said: second");

  // A terminal gets the conversation.
  const lines = await linesOnTerminal(lab, "show", thread, "-n", "2");
  const [name, place, ...said] = lines;
  assertEquals(name, `thread ${thread}`);
  assertMatch(place!, /^in ~\/repo, from \S+, \d+ \w+ ago$/);
  assertEquals(said, [
    ...["", "user:", "second", "", "assistant:", "You said: second", ""],
    `go on: ~/.codex-server/bin/codex-server continue --thread ${thread} "…"`,
    "",
  ]);

  // What list shows of a thread names it.
  const named = await lab.json("show", thread.slice(-8));
  assertEquals(named.thread_id, thread);
});
