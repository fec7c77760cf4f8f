import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { openLab, until } from "../lab.ts";
import { metaOf } from "../live_turns/turn_text.ts";
import { codexExec, wholeTurn } from "../live_turns/whole_turn.ts";
import { createRepo } from "../loopback/home.ts";
import { pack } from "../packed.ts";
import { assertRefused } from "./refusal.ts";

Deno.test("Row A4: continue --last goes on with the thread of the newest turn of this repository, from any directory of it", async () => {
  await using lab = await openLab();
  const first = await lab.run("first");
  const second = await lab.run("second");
  const elsewhere = await createRepo(lab.home, "elsewhere");
  await lab.chat(["new", "--wait", "elsewhere"], { cwd: elsewhere });
  const sub = join(lab.repo, "sub");
  Deno.mkdirSync(sub);

  for (const [choice, cwd] of [[["--last"], lab.repo], [[], sub]] as const) {
    const ran = await lab.chat(["continue", ...choice, "third"], { cwd });
    assertEquals(ran.code, 0, ran.stderr);
    const { turn_id, thread_id, resumed_from } = JSON.parse(ran.stdout);
    assertEquals((await lab.chat(["wait", turn_id])).code, 0);
    const { threadId, prompts } = lab.server.turns().at(-1)!;
    assertEquals(threadId, lab.result(second).thread_id);
    assertEquals([thread_id, resumed_from], [threadId, threadId]);
    assert(threadId !== lab.result(first).thread_id);
    assertEquals(prompts.slice(0, 2), ["second", "third"]);
    assertMatch(
      ran.stderr,
      /going on with "(second|third)" \(\d+ (s|min) ago\)/,
    );
  }
});

Deno.test("bug 3, newcomer A10: our own turns decide; a thread that codex itself started is taken where there are none, and told", async () => {
  await using lab = await openLab();
  await codexExec(lab, "typed into codex");
  const taken = await lab.chat(["continue", "--wait", "and on"]);
  assertEquals(taken.code, 0, taken.stderr);
  assertMatch(taken.stderr, /a thread of exec, "typed into codex"/);
  const prompts = () => lab.server.turns().at(-1)!.prompts;
  assertEquals(prompts(), ["typed into codex", "and on"]);
  // Later ones of codex's own, or of another directory, change nothing.
  await codexExec(lab, "typed later");
  await lab.chat(["continue", "--wait", "still here"]);
  assertEquals(prompts().at(-2), "and on");
  const elsewhere = await createRepo(lab.home, "elsewhere");
  const there = ["new", "--wait", "--json", "there"];
  const { stdout } = await lab.chat(there, { cwd: elsewhere });
  const thread = JSON.parse(stdout).thread_id;
  await lab.chat(["continue", "--wait", "--thread", thread, "from here"]);
  await lab.chat(["continue", "--wait", "and now?"]);
  assertEquals(prompts(), ["there", "from here", "and now?"]);
});

Deno.test("newcomer A10: a thread is named by a prefix of its id or by one of its turns; a turn in the place of the prompt gets the hint", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("first", "--label", "careful");
  const thread: string = lab.result(turnId).thread_id;
  await lab.run("second");
  const names = ["careful", turnId, turnId.slice(-8), thread.slice(0, 23)];
  for (const name of names) {
    const fork = ["fork", "--thread", name, "play instant"];
    const { thread_id, resumed_from } = await lab.json(...fork);
    assertEquals([thread_id, resumed_from], [null, thread], name);
    assertEquals((await lab.json("show", name)).thread_id, thread);
  }
  const usage = { exit: 2, code: "usage" };
  await assertRefused(lab, ["continue", "careful", "more"], {
    ...usage,
    says: /continue --thread careful "…"/,
  });
  await assertRefused(lab, ["continue", "--thread", thread.slice(0, 4), "x"], {
    ...usage,
    says: /names \d+ threads/,
  });
  const unknown = { exit: 6, code: "no_such_thread" };
  await assertRefused(lab, ["show", "nowhere"], unknown);
  await assertRefused(lab, ["continue", "--thread", "nowhere"], usage);
});

Deno.test("newcomer A10: an older thread does not stand in for one that codex has not kept", async () => {
  await using lab = await openLab();
  await lab.run("older");
  await lab.run("x", "--ephemeral");
  const refused = { exit: 6, code: "no_such_thread" };
  for (const verb of ["continue", "fork"]) {
    await assertRefused(lab, [verb, "more"], {
      ...refused,
      says: /not kept the thread of turn \w{8} "x", .*--ephemeral/,
    });
  }
  // A turn that never came to a thread is none to go on with either.
  const codexHome = join(lab.home.codexHome, "config.toml");
  const toml = Deno.readTextFileSync(codexHome);
  Deno.writeTextFileSync(codexHome, `sandbox_mode = "no such"\n${toml}`);
  await lab.run("never begun");
  Deno.writeTextFileSync(codexHome, toml);
  await assertRefused(lab, ["continue", "more"], {
    ...refused,
    says: /"never begun".*ended before/,
  });
});

Deno.test("bug 4: a thread that codex has packed is listed, shown and continued", async () => {
  await using lab = await openLab();
  const thread = lab.result(await lab.run("first", "--write")).thread_id;
  const path = pack((await lab.json("show", thread)).path);
  const { threads: [row] } = await lab.json("list");
  assertEquals(
    [row.path, row.compressed, row.preview, row.source, row.kind],
    [path, true, "first", "codex-server", "conversation"],
  );
  assertEquals((await lab.json("show", thread)).messages.length, 2);
  const turnId = await wholeTurn(lab, "continue", "second");
  assertEquals(lab.server.turns().at(-1)!.prompts, ["first", "second"]);
  assertEquals(metaOf(lab, turnId).sandbox, "workspace-write");
});

Deno.test("Row A5, Row A6: continue --thread goes on with that thread, and meta.resumed_from names it", async () => {
  await using lab = await openLab();
  const first = await lab.run("first");
  await lab.run("second");
  const thread = lab.result(first).thread_id;
  const third = await wholeTurn(lab, "continue", "--thread", thread, "third");
  assertEquals(lab.server.turns().at(-1)!.threadId, thread);
  const { resumed_from, thread_id } = metaOf(lab, third);
  assertEquals([resumed_from, thread_id], [thread, thread]);
  assertEquals(metaOf(lab, first).resumed_from, null);
  assertEquals((await lab.json("show", thread)).last_turn, third);
});

Deno.test("E19 a thread with a running turn is busy: ten continues at once make one turn, and the others name it, exit 2", async () => {
  await using lab = await openLab();
  const thread = lab.result(await lab.run("first")).thread_id;
  const go = ["continue", "--thread", thread];
  const all = await Promise.all(
    Array.from({ length: 10 }, (_, i) => lab.chat([...go, `play hang ${i}`])),
  );
  assertEquals(all.map(({ code }) => code).sort(), [0, ...Array(9).fill(2)]);
  const started = JSON.parse(all.find(({ code }) => code === 0)!.stdout);
  const says = new RegExp(`${started.turn_id} is still running`);
  for (const { stderr } of all.filter(({ code }) => code === 2)) {
    assertMatch(stderr, says);
  }
  await until(() => lab.server.turns().length >= 2, "the one turn to run");
  const busy = { exit: 2, code: "thread_busy", says };
  await assertRefused(lab, [...go, "more"], busy);
  assertEquals([lab.turnIds().length, lab.server.turns().length], [2, 2]);
});
