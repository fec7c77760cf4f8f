import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { type Lab, openLab } from "../lab.ts";
import { workerOf } from "./killed.ts";

const NO_RETRIES = "stream_max_retries = 0\nrequest_max_retries = 0";

/** The markers that a turn has. */
const markers = (lab: Lab, turnId: string): string[] =>
  Array.from(Deno.readDirSync(lab.turn(turnId).dir), ({ name }) => name)
    .filter((name) => name === "done" || name === "error");

/** The events of a turn, parsed. */
const eventsOf = (lab: Lab, turnId: string) =>
  Deno.readTextFileSync(lab.turn(turnId).events).trimEnd().split("\n")
    .map((line) => JSON.parse(line));

Deno.test("Row A24: meta.json says what the turn is, and its pid is the worker's", async () => {
  await using lab = await openLab();
  const before = Date.now();
  const turnId = await lab.start("play text words=5 over=1500");
  const pid = await workerOf(lab, turnId);
  assertStringIncludes(
    Deno.readTextFileSync(`/proc/${pid}/cmdline`),
    "worker.ts",
  );
  await lab.chat(["wait", turnId]);
  const meta = JSON.parse(Deno.readTextFileSync(lab.turn(turnId).meta));
  assertEquals(meta.turn_id, turnId);
  assertEquals(meta.thread_id, lab.server.turns()[0]!.threadId);
  assert(Math.abs(Date.parse(meta.started_at) - before) < 5000);
  assertEquals(meta.cwd, lab.repo);
  assertEquals(meta.model, "gpt-5.5");
  assertEquals(meta.pid, pid);
  assertEquals(meta.resumed_from, null);
  assertEquals(meta.schema_version, 1);
  assertEquals(meta.codex_path, lab.codex);
});

Deno.test("Row A25: events.jsonl holds every event, one JSON document a line", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play two_messages", "--write");
  const text = Deno.readTextFileSync(lab.turn(turnId).events);
  assert(text.endsWith("\n"));
  const types = eventsOf(lab, turnId).map(({ type, item }) =>
    item ? `${type} ${item.type}` : type
  );
  // Beginnings and deltas only a streaming engine has, and warnings only some machines.
  const common = types.filter((type) =>
    !["item.delta", "item.started agent_message", "rate_limits"]
      .includes(type) && type !== "item.completed error"
  );
  assertEquals(common, [
    "thread.started",
    "turn.started",
    "item.completed agent_message",
    "item.started command_execution",
    "item.completed command_execution",
    "item.completed agent_message",
    "turn.completed",
  ]);
});

Deno.test("Row A26: out.txt shows messages, reasoning, commands, file changes and plan steps", async () => {
  await using lab = await openLab({
    config: "tools.update_plan.enabled = true",
  });
  const run = async (prompt: string) => {
    const turnId = await lab.run(prompt, "--write");
    return Deno.readTextFileSync(lab.turn(turnId).out);
  };
  const outs = await Promise.all([
    run("play reasoning"),
    run("play command cmd=echo%20hi%20%26%26%20false"),
    run("play patch name=new.txt"),
    run("play plan"),
    run("play search query=deno"),
  ]);
  assertMatch(
    outs[0],
    /^\[reasoning\] .*Weighing.*\n\nThought about it\.\n\n\[done\]/,
  );
  assertMatch(
    outs[1],
    /^(\[command\] .*echo hi && false.*)\n\1 → exit 1, [\d.]+ s\n\nThe command/,
  );
  assertMatch(outs[2], /^\[files\] add new\.txt \+1 −0\n/);
  assertMatch(outs[3], /\[plan\] ○ Step 2\n/);
  assertMatch(outs[3], /\[plan\] ✓ Step 3\n/);
  assertMatch(outs[4], /\[search\] deno\n/);
  for (const out of outs) {
    assertMatch(
      out,
      /\n\n\[done\] [\d.]+ s, \d+ tokens in \(\d+ cached\), \d+ out, 34 % of the quota used\n$/,
    );
  }
});

Deno.test("Row A27: a turn that completed has the marker done, empty and alone", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello");
  assertEquals(markers(lab, turnId), ["done"]);
  assertEquals(Deno.statSync(lab.turn(turnId).done).size, 0);
  assertEquals(lab.result(turnId).status, "complete");
});

Deno.test("Row A28: a turn that failed, or whose worker did, has the marker error, empty and alone", async (t) => {
  await using lab = await openLab({ provider: NO_RETRIES });
  const assertError = (turnId: string) => {
    assertEquals(markers(lab, turnId), ["error"]);
    assertEquals(Deno.statSync(lab.turn(turnId).error).size, 0);
    assertEquals(lab.result(turnId).status, "failed");
  };
  await t.step("turn.failed", async () => {
    const turnId = await lab.run("play failed");
    assertError(turnId);
    assertEquals(eventsOf(lab, turnId).at(-1).type, "turn.failed");
  });
  await t.step("the worker trips", async () => {
    Deno.removeSync(join(lab.home.home, ".codex-server/slots"), {
      recursive: true,
    });
    Deno.writeTextFileSync(join(lab.home.home, ".codex-server/slots"), "");
    const turnId = await lab.run("hello");
    assertError(turnId);
    assert(lab.result(turnId).error.message !== "");
  });
});

Deno.test("Row A30: with --schema the final message is JSON of that shape", async () => {
  await using lab = await openLab();
  const schema = join(lab.home.home, "s.json");
  const shape = {
    type: "object",
    properties: { title: { type: "string" }, stars: { type: "integer" } },
    required: ["title", "stars"],
    additionalProperties: false,
  };
  Deno.writeTextFileSync(schema, JSON.stringify(shape));
  const turnId = await lab.run("play json say=good", "--schema", schema);
  const { structured, text } = lab.result(turnId);
  assertEquals(structured, JSON.parse(text));
  assertEquals(Object.keys(structured).sort(), ["stars", "title"]);
  assertEquals(typeof structured.stars, "number");
});

Deno.test("Row A31: without --model the model of ~/.codex/config.toml runs", async () => {
  await using lab = await openLab({ model: "gpt-5.4" });
  const turnId = await lab.run("hello");
  assertEquals(lab.server.turns()[0]!.body?.model, "gpt-5.4");
  const status = await lab.json("status", turnId);
  assertEquals(status.model, "gpt-5.4");
  const other = await lab.run("hello", "--model", "gpt-5.5");
  assertEquals(lab.server.turns().at(-1)!.body?.model, "gpt-5.5");
  assertEquals((await lab.json("status", other)).model, "gpt-5.5");
});

Deno.test("Row D26: result.json says how long a turn took", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play text words=5 over=500");
  const { metrics } = lab.result(turnId);
  assert(metrics.latency_ms >= 500);
  assert(metrics.first_text_ms > 0);
  assert(metrics.first_text_ms <= metrics.latency_ms);
  assertEquals(metrics.queued_ms, 0);
});

Deno.test("usage is this turn's, and a failed turn tells what went wrong and what to do", async (t) => {
  await using lab = await openLab({ provider: NO_RETRIES });
  const cases: [prompt: string, code: string][] = [
    ["play usage_limit", "usage_limit"],
    ["play context_full", "context_full"],
    ["play status400", "rejected"],
  ];
  for (const [prompt, code] of cases) {
    await t.step(code, async () => {
      const turnId = await lab.run(prompt);
      const { error } = lab.result(turnId);
      assertEquals(error.code, code, error.message);
      assert(error.hint !== "");
      if (code === "usage_limit") {
        assert(Date.parse(error.resets_at) > Date.now(), error.message);
      }
    });
  }
});
