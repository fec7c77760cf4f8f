import { assert, assertEquals, assertMatch } from "@std/assert";
import { openLab } from "../lab.ts";
import { codexExec, wholeTurn } from "../live_turns/whole_turn.ts";
import { createRepo } from "../loopback/home.ts";
import { linesOnTerminal } from "../terminal.ts";

Deno.test("Row A13, newcomer C1: list shows recent threads of ~/.codex/sessions, whoever started them", async () => {
  await using lab = await openLab();
  const none = { data: [], threads: [], next_cursor: null };
  assertEquals(await lab.json("list"), { schema_version: 1, ...none });
  const elsewhere = await createRepo(lab.home, "elsewhere");
  const first = lab.result(await lab.run("the first prompt")).thread_id;
  const second =
    lab.result(await lab.run("over there", "--cwd", elsewhere)).thread_id;
  await codexExec(lab, "typed into codex");
  const { data, threads } = await lab.json("list");
  assertEquals(data, threads);
  assertEquals(
    threads.map(({ preview }: { preview: string }) => preview),
    ["typed into codex", "over there", "the first prompt"],
  );
  assertEquals([threads[1].thread_id, threads[1].cwd], [second, elsewhere]);
  assertEquals(threads[2].thread_id, first);
  assert(threads[2].path.startsWith(`${lab.home.codexHome}/sessions/`));
  assertMatch(threads[2].created_at, /^\d{4}-\d\d-\d\dT/);
  const here = await lab.json("list", "--here");
  assertEquals(here.threads.length, 2);
  assertEquals((await lab.json("list", "-n", "1")).data.length, 1);

  // A terminal gets a table.
  const [head, exec, there] = await linesOnTerminal(lab, "list");
  assertEquals(head!.split(/ {2,}/), [
    ...["THREAD", "AGE", "FROM", "IN", "FIRST PROMPT"],
  ]);
  assertMatch(
    exec!,
    /^[0-9a-f]{8} {2}\d+ \w+ +\S+ +~\/repo +typed into codex$/,
  );
  assertMatch(there!, /^[0-9a-f]{8} .* ~\/elsewhere +over there$/);
  assertEquals(there!.slice(0, 8), second.slice(-8));
});

Deno.test("newcomer C7: list marks reviews, whoever asked for them, and sub-agents, which come with --all", async () => {
  await using lab = await openLab();
  const asked = lab.result(await lab.run("Review this, please")).thread_id;
  const parent = lab.result(
    await lab.run(
      "play agents wait=1 over=100",
      ...["--config", "features.multi_agent_v2=true"],
    ),
  ).thread_id;
  const review = lab.result(
    await wholeTurn(lab, "review", "--instructions", "play text"),
  ).thread_id;
  await codexExec(lab, "review", "play text");

  const { threads } = await lab.json("list");
  const theirs = threads[0].thread_id;
  const marked = (rows: Record<string, unknown>[]) =>
    rows.map(({ thread_id, kind, source }) => [thread_id, kind, source]);
  assertEquals(marked(threads), [
    [theirs, "review", "exec"],
    [review, "review", "codex-server"],
    [parent, "conversation", "codex-server"],
    [asked, "conversation", "codex-server"],
  ]);
  // Codex has its reviewers work as sub-agents, too.
  const { threads: all } = await lab.json("list", "--all");
  const helpers = all.filter((row: { kind: string }) =>
    row.kind === "sub_agent"
  );
  assertEquals(all.length, threads.length + helpers.length);
  assertEquals(
    helpers.map((row: Record<string, unknown>) => row.parent_thread_id).sort(),
    [parent, review, theirs].sort(),
  );
  const lines = await linesOnTerminal(lab, "list", "--all");
  const from = (id: string) =>
    lines.find((line) => line.startsWith(id.slice(-8)))?.split(/ {2,}/)[2];
  assertEquals(
    [theirs, review, helpers[0].thread_id, parent, asked].map(from),
    ["review", "review", "sub-agent", "codex-server", "codex-server"],
  );
});
