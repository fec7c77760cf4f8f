import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openLab, until } from "../lab.ts";
import { createRepo } from "../loopback/home.ts";
import { linesOnTerminal } from "../terminal.ts";

Deno.test("newcomer C1: ps tells what runs in all directories, what it does, and what it asks", async () => {
  await using lab = await openLab();
  const elsewhere = await createRepo(lab.home, "elsewhere");
  assertEquals((await lab.json("ps")).data, []);
  await lab.run("over");
  const asks = await lab.start(
    "play command cmd=touch%20x.txt escalate=1",
    ...["--approvals", "ask", "--write"],
  );
  const flags = ["--label", "slow", "--cwd", elsewhere];
  const hangs = await lab.start("play hang", ...flags);
  // deno-lint-ignore no-explicit-any
  let rows: any[] = [];
  await until(
    async () => {
      rows = (await lab.json("ps")).data;
      return rows.some(({ pending }) => pending.length > 0) &&
        lab.server.openStreams > 0;
    },
    "the request",
  );
  assertEquals(rows.map(({ turn_id }) => turn_id), [hangs, asks]);
  const [slow, asking] = rows;
  assertEquals([slow.label, slow.cwd, slow.pending], ["slow", elsewhere, []]);
  assert(slow.seconds_since_event >= 0);
  assertEquals(asking.phase, "awaiting approval");
  assertStringIncludes(asking.pending[0].command, "touch x.txt");

  // Whoever may only look needs no login.
  Deno.renameSync(`${lab.home.codexHome}/auth.json`, `${lab.home.home}/auth`);
  const lines = await linesOnTerminal(lab, "ps");
  Deno.renameSync(`${lab.home.home}/auth`, `${lab.home.codexHome}/auth.json`);
  const [head, first, second, blank, request] = lines;
  assertEquals(head!.split(/ {2,}/), [
    ...["ID", "DOES", "AGE", "QUIET", "LABEL", "IN", "PROMPT"],
  ]);
  assert(/^\w{8} {2}\w.* slow +elsewhere +play hang$/.test(first!), first);
  assert(/^\w{8} {2}awaiting approval .* repo +play co/.test(second!), second);
  for (const line of [head, first, second]) assert(line!.length <= 80, line);
  assertEquals(blank, "");
  const name = asks.slice(-8);
  assertStringIncludes(request!, "touch x.txt");
  assertStringIncludes(
    request!,
    `~/.codex-server/bin/codex-server approve ${name} r1, or decline ${name} r1`,
  );
});
