import { assert, assertEquals, assertMatch } from "@std/assert";
import { openLab } from "../lab.ts";
import { createRepo } from "../loopback/home.ts";

Deno.test("Row A13: list shows recent threads of ~/.codex/sessions, whoever started them", async () => {
  await using lab = await openLab();
  const empty = await lab.json("list");
  assertEquals(empty, { schema_version: 1, threads: [] });
  const elsewhere = await createRepo(lab.home, "elsewhere");
  const first = lab.result(await lab.run("the first prompt")).thread_id;
  const second =
    lab.result(await lab.run("over there", "--cwd", elsewhere)).thread_id;
  await new Deno.Command(lab.codex, {
    args: ["exec", "--json", "typed into codex"],
    cwd: lab.repo,
    clearEnv: true,
    env: lab.env,
    stdin: "null",
  }).output();
  const { threads } = await lab.json("list");
  assertEquals(
    threads.map(({ preview }: { preview: string }) => preview),
    ["typed into codex", "over there", "the first prompt"],
  );
  assertEquals(threads[1].thread_id, second);
  assertEquals(threads[1].cwd, elsewhere);
  assertEquals(threads[2].thread_id, first);
  assert(threads[2].path.startsWith(`${lab.home.codexHome}/sessions/`));
  assertMatch(threads[2].created_at, /^\d{4}-\d\d-\d\dT/);
  const here = await lab.json("list", "--here");
  assertEquals(here.threads.length, 2);
  assertEquals((await lab.json("list", "--limit", "1")).threads.length, 1);
});

Deno.test("Row A14: show tells what a thread is and what was said on it last", async () => {
  await using lab = await openLab();
  const thread = lab.result(await lab.run("first")).thread_id;
  const { turn_id } = await lab.json("continue", "second");
  await lab.chat(["wait", turn_id]);
  const shown = await lab.json("show", thread);
  assertEquals(shown.schema_version, 1);
  assertEquals(shown.thread_id, thread);
  assertEquals(shown.cwd, lab.repo);
  assertEquals(shown.last_turn, turn_id);
  assertEquals(
    shown.messages.map(({ role, text }: { role: string; text: string }) =>
      `${role}: ${text}`
    ),
    [
      "user: first",
      "assistant: You said: first",
      "user: second",
      "assistant: You said: second",
    ],
  );
  const last = await lab.json("show", thread, "--limit", "1");
  assertEquals(last.messages.length, 1);
  assertEquals(last.messages[0].text, "You said: second");
});
