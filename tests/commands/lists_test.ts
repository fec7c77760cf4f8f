import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Lab, openLab } from "../lab.ts";
import { createRepo } from "../loopback/home.ts";
import { commandLine, onTerminal } from "../terminal.ts";

/** The lines that a terminal of 80 columns shows of a command, without colours. */
async function seen(lab: Lab, ...args: string[]): Promise<string[]> {
  const { stdout } = await onTerminal(
    lab,
    `stty cols 80; ${commandLine(lab, args)}`,
    { env: { NO_COLOR: "1" } },
  );
  return stdout.split("\r\n");
}

Deno.test("Row A13: list shows recent threads of ~/.codex/sessions, whoever started them", async () => {
  await using lab = await openLab();
  const empty = await lab.json("list");
  assertEquals(empty, { schema_version: 1, data: [], threads: [] });
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
  assertEquals((await lab.json("list", "-n", "1")).data.length, 1);

  // newcomer C1: a terminal gets a table.
  const [head, ...rows] = await seen(lab, "list");
  assertEquals(head!.split(/ {2,}/), [
    ...["THREAD", "AGE", "FROM", "IN", "FIRST PROMPT"],
  ]);
  const [exec, there] = rows;
  assertMatch(
    exec!,
    /^[0-9a-f]{8} {2}\d+ \w+ +\S+ +~\/repo +typed into codex$/,
  );
  assertMatch(there!, /^[0-9a-f]{8} .* ~\/elsewhere +over there$/);
  assertEquals(there!.slice(0, 8), second.slice(-8));
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

  // newcomer C1: a terminal gets the conversation.
  const [name, place, ...said] = await seen(lab, "show", thread, "-n", "2");
  assertEquals(name, `thread ${thread}`);
  assertMatch(place!, /^in ~\/repo, from \S+, \d+ \w+ ago$/);
  assertEquals(said, [
    ...["", "user:", "second", "", "assistant:", "You said: second", ""],
    `go on: ~/.codex-server/bin/codex-server continue --thread ${thread} "…"`,
    "",
  ]);
});
