import { assert, assertEquals, assertMatch } from "@std/assert";
import { openLab, until } from "../lab.ts";
import { createRepo } from "../loopback/home.ts";
import { assertRefused } from "./refusal.ts";

Deno.test("Row A4: continue --last goes on with the newest thread of this directory", async () => {
  await using lab = await openLab();
  const first = await lab.run("first");
  const second = await lab.run("second");
  const elsewhere = await createRepo(lab.home, "elsewhere");
  await lab.run("elsewhere", "--cwd", elsewhere);

  for (const choice of [["--last"], []]) {
    const { turn_id } = await lab.json("continue", ...choice, "third");
    assertEquals((await lab.chat(["wait", turn_id])).code, 0);
    const { threadId, prompts } = lab.server.turns().at(-1)!;
    assertEquals(threadId, lab.result(second).thread_id);
    assert(threadId !== lab.result(first).thread_id);
    assertEquals(prompts.slice(0, 2), ["second", "third"]);
  }
});

Deno.test("continue --last goes on with a thread that codex itself started there", async () => {
  await using lab = await openLab();
  const exec = await new Deno.Command(lab.codex, {
    args: ["exec", "--json", "typed into codex"],
    cwd: lab.repo,
    clearEnv: true,
    env: lab.env,
    stdin: "null",
  }).output();
  assert(exec.success, new TextDecoder().decode(exec.stderr));
  const { turn_id } = await lab.json("continue", "and on");
  assertEquals((await lab.chat(["wait", turn_id])).code, 0);
  assertEquals(lab.server.turns().at(-1)!.prompts, [
    "typed into codex",
    "and on",
  ]);
});

Deno.test("Row A5, Row A6: continue --thread goes on with that thread, and meta.resumed_from names it", async () => {
  await using lab = await openLab();
  const first = await lab.run("first");
  await lab.run("second");
  const thread = lab.result(first).thread_id;
  const { turn_id } = await lab.json("continue", "--thread", thread, "third");
  assertEquals((await lab.chat(["wait", turn_id])).code, 0);
  assertEquals(lab.server.turns().at(-1)!.threadId, thread);
  const meta = (turnId: string) =>
    JSON.parse(Deno.readTextFileSync(lab.turn(turnId).meta));
  assertEquals(meta(turn_id).resumed_from, thread);
  assertEquals(meta(turn_id).thread_id, thread);
  assertEquals(meta(first).resumed_from, null);
  assertEquals((await lab.json("show", thread)).last_turn, turn_id);
});

Deno.test("E19 a thread with a running turn is busy: exit 2, and the running turn is named", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play hang");
  await until(
    async () => (await lab.json("status", turnId)).thread_id !== null,
    "the thread to be known",
  );
  const { thread_id } = await lab.json("status", turnId);
  await assertRefused(lab, ["continue", "--thread", thread_id, "more"], {
    exit: 2,
    code: "thread_busy",
    says: new RegExp(turnId),
  });
});

Deno.test("a thread never loosens silently: continue repeats the sandbox of its last turn", async () => {
  await using lab = await openLab({
    config: 'sandbox_mode = "workspace-write"',
  });
  const first = await lab.run("hello", "--sandbox", "read-only");
  const thread = lab.result(first).thread_id;
  const { turn_id } = await lab.json(
    ...["continue", "--thread", thread, "play patch name=x.txt text=x"],
  );
  await lab.chat(["wait", turn_id]);
  const meta = JSON.parse(Deno.readTextFileSync(lab.turn(turn_id).meta));
  assertEquals(meta.sandbox, "read-only");
  assertEquals(
    Array.from(Deno.readDirSync(lab.repo), ({ name }) => name).includes(
      "x.txt",
    ),
    false,
  );
});

Deno.test("E19 ten continues of one thread at once make one turn, and the others name it", async () => {
  await using lab = await openLab();
  const thread = lab.result(await lab.run("first")).thread_id;
  const all = await Promise.all(
    Array.from(
      { length: 10 },
      (_, i) => lab.chat(["continue", "--thread", thread, `play hang ${i}`]),
    ),
  );
  assertEquals(
    all.map(({ code }) => code).sort(),
    [0, ...Array(9).fill(2)],
  );
  const started = JSON.parse(all.find(({ code }) => code === 0)!.stdout);
  for (const { stderr } of all.filter(({ code }) => code === 2)) {
    assertMatch(stderr, new RegExp(`${started.turn_id} is still running`));
  }
  assertEquals(lab.turnIds().length, 2);
  await until(() => lab.server.turns().length >= 2, "the one turn to run");
  assertEquals(lab.server.turns().length, 2);
});
