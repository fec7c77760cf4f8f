import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { writeSchema } from "../engines/story.ts";
import { openLab } from "../lab.ts";

// 130, for who was interrupted: tail_test.ts.
Deno.test("Row E14: exit codes tell how it went: 0 to 7", async (t) => {
  await using lab = await openLab({
    provider: "stream_max_retries = 0\nrequest_max_retries = 0",
  });
  const exits = async (code: number, ...args: string[]) =>
    assertEquals((await lab.chat(args)).code, code, args.join(" "));
  const schema = join(lab.home.home, "s.json");
  Deno.writeTextFileSync(schema, '{"type":"object"}');
  const cases: [name: string, code: number, ...args: string[]][] = [
    ["done", 0, "new", "--wait", "hello"],
    ["the turn failed", 1, "new", "--wait", "play failed"],
    ["it could not start", 2, "new"],
    ["still running at the deadline", 4, "wait", "slow", "--timeout", "0.1"],
    ["no such turn", 6, "wait", "nosuchlabel"],
    [
      ...["the answer is not the JSON that was asked for", 5, "new"] as const,
      ...["--wait", "--schema", schema, "play instant say=text"],
    ],
  ];
  await lab.start("play hang", "--label", "slow");
  for (const [name, code, ...args] of cases) {
    await t.step(`${code} ${name}`, () => exits(code, ...args));
  }
  await t.step("7 the machine refused", async () => {
    const turns = join(lab.home.home, ".codex-server/turns");
    Deno.chmodSync(turns, 0o777);
    await exits(7, "new", "hi");
    Deno.chmodSync(turns, 0o700);
  });
  await t.step("3 codex is missing", async () => {
    const config = join(lab.home.home, ".codex-server/config.json");
    const text = Deno.readTextFileSync(config);
    Deno.writeTextFileSync(config, text.replace(lab.codex, "/nowhere/codex"));
    await exits(3, "new", "hi");
  });
});

Deno.test("Row E15: model, sandbox, effort, config and schema reach codex, and a bad schema exits 5", async () => {
  await using lab = await openLab();
  const schema = writeSchema(lab);
  const turnId = await lab.run(
    "play json",
    ...["--model", "gpt-5.4", "--effort", "high"],
    ...["--sandbox", "workspace-write", "--network"],
    ...["--config", "model_reasoning_summary=detailed", "--schema", schema],
  );
  assertEquals(lab.result(turnId).status, "complete");
  const body = JSON.parse(JSON.stringify(lab.server.turns()[0]!.body));
  assertEquals(body.model, "gpt-5.4");
  assertEquals(body.reasoning.effort, "high");
  assertEquals(body.reasoning.summary, "detailed");
  const shape = JSON.parse(Deno.readTextFileSync(schema));
  assertEquals(body.text.format.schema, shape);
  Deno.writeTextFileSync(schema, "{");
  assertEquals((await lab.chat(["new", "--schema", schema, "x"])).code, 5);
});
