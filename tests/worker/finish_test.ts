import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { openLab, until } from "../lab.ts";
import { outOf } from "../live_turns/turn_text.ts";
import type { ModelRequest } from "../loopback/model_request.ts";
import type { Play, SseStep } from "../loopback/play.ts";
import {
  freshId,
  itemAdded,
  itemDone,
  message,
  reasoning,
  response,
} from "../loopback/sse.ts";
import { commandCall } from "../loopback/tools.ts";

/** A call of a tool that codex offers in a namespace, or in none. */
function call(name: string, args: unknown, namespace?: string): SseStep[] {
  const id = { id: freshId("fc"), call_id: freshId("call") };
  const item = { type: "function_call", ...id, name };
  const whole = namespace === undefined ? item : { ...item, namespace };
  return [
    itemAdded({ ...whole, arguments: "" }),
    itemDone({ ...whole, arguments: JSON.stringify(args) }),
  ];
}

/** What the model sends, by the first word of the prompt. */
const ENDS: Record<string, (request: ModelRequest) => ReturnType<Play>> = {
  nothing: (request) => response(request, []),
  empty: (request) => response(request, message([""])),
  blank: (request) => response(request, message([" \n"])),
  thoughts: (request) => response(request, reasoning(["Well."])),
  prose: (request) => response(request, message(["Looks fine."])),
  answer: (request) => response(request, message(['{"answer":"yes"}'])),
  // A remark, a command, and then no more word.
  remark: (request) =>
    response(
      request,
      request.toolOutputs.length > 0 ? [] : (async function* () {
        yield* message(["First I look around."], { phase: "commentary" });
        yield* commandCall(request, "true");
      })(),
    ),
  spawn: (request) =>
    response(
      request,
      request.toolOutputs.length > 0 ? message(["I am done."]) : call(
        "spawn_agent",
        { task_name: "slow_one", message: "count", fork_turns: "none" },
        "collaboration",
      ),
    ),
  goal: (request) =>
    response(
      request,
      request.toolOutputs.length > 0
        ? message(["Made it."])
        : call("create_goal", { objective: "All green" }),
    ),
};

const play: Play = (request) =>
  ENDS[request.prompt.split(" ")[0]!]?.(request) ??
    response(
      request,
      message(Array.from({ length: 600 }, () => "on "), { pause: 100 }),
    );

const SCHEMA = {
  type: "object",
  properties: { answer: { type: "string" } },
  required: ["answer"],
  additionalProperties: false,
};

/** The closing lines of out.txt: one of them ends each turn, and only one. */
const closing = (out: string): string[] =>
  out.match(/^\[(done|failed|cancelled)\]/gm) ?? [];

Deno.test("E26 bug 10: a turn without a final message says so, with a field and a line", async (t) => {
  await using lab = await openLab({ play });
  for (const end of ["nothing", "empty", "blank", "thoughts", "remark"]) {
    await t.step(end, async () => {
      const turnId = await lab.run(end);
      assertEquals(lab.result(turnId).status, "complete");
      assertEquals(lab.result(turnId).no_message, true);
      for (const verb of ["result", "wait"]) {
        const { code, stderr } = await lab.chat([verb, turnId]);
        assertEquals(code, 0);
        assertMatch(
          stderr,
          /^codex-server: note: codex ended the turn without a final message.*\n$/,
        );
      }
      assertMatch(
        outOf(lab, turnId),
        /^\[no message\] .*\n\[done\]/m,
      );
    });
  }
  await t.step("with an answer nothing is said", async () => {
    const turnId = await lab.run("prose");
    assertEquals("no_message" in lab.result(turnId), false);
    const { stdout, stderr } = await lab.chat(["result", turnId]);
    assertEquals([stdout, stderr], ["Looks fine.\n", ""]);
  });
});

Deno.test("E26 newcomer A15: with a schema exit 5 and the true reason, and out.txt has one end", async (t) => {
  await using lab = await openLab({ play });
  const path = join(lab.home.home, "schema.json");
  Deno.writeTextFileSync(path, JSON.stringify(SCHEMA));
  const cases: [end: string, code: string | null, says: RegExp][] = [
    ["nothing", "no_message", /without a final message/],
    ["empty", "no_message", /without a final message/],
    ["remark", "no_message", /without a final message/],
    ["prose", "not_json", /is not JSON/],
    ["answer", null, /^$/],
  ];
  for (const [end, code, says] of cases) {
    await t.step(end, async () => {
      const turnId = await lab.run(end, "--schema", path);
      const ran = await lab.chat(["result", turnId]);
      assertEquals(ran.code, code === null ? 0 : 5);
      assertMatch(ran.stderr, says);
      assertEquals(lab.result(turnId).error?.code ?? null, code);
      assertEquals(closing(outOf(lab, turnId)), [
        code === null ? "[done]" : "[failed]",
      ]);
      assert(outOf(lab, turnId).trimEnd().split("\n").at(-1)!.startsWith("["));
    });
  }
});

Deno.test("bug 7: a sub-agent that is cut off with its turn is said", async () => {
  await using lab = await openLab({ play });
  const agents = ["--config", "features.multi_agent_v2=true"];
  const turnId = await lab.run("spawn one", ...agents);
  const { agents_cut_off, text, status } = lab.result(turnId);
  assertEquals([status, text], ["complete", "I am done."]);
  assertEquals(
    agents_cut_off.map(({ name }: { name: string }) => name),
    ["/root/slow_one"],
  );
  assertMatch(
    outOf(lab, turnId),
    /^I am done\.\n\n\[agents\] still at work, ended with the turn: \/root\/slow_one\n\[done\] .*\n$/,
  );
  const { stdout, stderr } = await lab.chat(["result", turnId]);
  assertEquals(stdout, "I am done.\n");
  assertMatch(stderr, /note: sub-agents were still at work .*slow_one/);
});

Deno.test("bug 14: a goal that goes on is said", async () => {
  await using lab = await openLab({ play });
  const turnId = await lab.run("goal please");
  assertEquals(lab.result(turnId).goal, {
    objective: "All green",
    status: "active",
  });
  assertMatch(
    outOf(lab, turnId),
    /^Made it\.\n\n\[goal\] not reached \(active\): All green\n\[done\] .*\n$/,
  );
  const { stderr } = await lab.chat(["result", turnId]);
  assertMatch(stderr, /note: the goal is not reached \(active\): All green/);
});

Deno.test("bug 16: a profile in the configuration is told in our own words", async () => {
  await using lab = await openLab({ play });
  const turnId = await lab.run("prose", "--config", 'profile="work"');
  const { code, message: said, hint } = lab.result(turnId).error;
  assertEquals(code, "bad_config");
  assertMatch(said, /profile = "work" is set/);
  assertMatch(hint, /work\.config\.toml .*--config KEY=VALUE/);
  assert(!/--profile/.test(said + hint + outOf(lab, turnId)));
  await until(() => lab.server.turns().length === 0, "no turn to have run");
});
