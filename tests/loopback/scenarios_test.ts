import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type ExecResult, type Stage, stage } from "./codex_exec.ts";
import { scenarios } from "./scenarios.ts";
import { ESCAPES_TEXT, UNICODE_PIECES } from "./scenarios/text.ts";

const sanitize = { sanitizeOps: true, sanitizeResources: true };
const ARGS = ["-s", "workspace-write", "-c", "tools.update_plan.enabled=true"];
const SAY = "item.completed agent_message";
const RUN = [
  "item.started command_execution",
  "item.completed command_execution",
];

/** What a turn that succeeds shows: the prompt, the events of its items, the final text. */
const SUCCEED: [prompt: string, items: string[], finalText: string][] = [
  ["hello 42", [SAY], "You said: hello 42"],
  ["play nothing known", [SAY], "You said: play nothing known"],
  ["play text words=3 over=90", [SAY], "word-1 word-2 word-3"],
  ["play instant say=at%20once", [SAY], "at once"],
  ["play reasoning", [
    "item.completed reasoning",
    SAY,
  ], "Thought about it."],
  ["play long kb=300 deltas=50", [SAY], longText(300)],
  ["play unicode", [SAY], UNICODE_PIECES.join("")],
  ["play escapes", [SAY], ESCAPES_TEXT],
  ["play images", [SAY], "images: 0"],
  ["play json say=plain", [SAY], '{"answer":"plain"}'],
  ["play command", [...RUN, SAY], "The command printed:\nfrom-codex\n"],
  [
    "play command cmd=printf%20'a%25sb'%20-%3B%20exit%203",
    [...RUN, SAY],
    "The command printed:\na-b",
  ],
  ["play sleep seconds=0.1", [...RUN, SAY], "Slept with sleep 0.1."],
  [
    "play two_messages",
    [SAY, ...RUN, SAY],
    "Then I am done:\nfrom-codex\n",
  ],
  ["play search query=deno", [
    "item.started web_search",
    "item.completed web_search",
    SAY,
  ], "Searched for deno."],
  [
    "play plan",
    [
      "item.started todo_list",
      "item.updated todo_list",
      SAY,
      "item.completed todo_list",
    ],
    "The plan is done.",
  ],
  [
    "play ask",
    [SAY],
    "The answer was:\nrequest_user_input is unavailable in Default mode",
  ],
];

for (const model of ["gpt-5.5", "gpt-5.6-sol"]) {
  Deno.test(
    `${model} plays the scenarios that succeed`,
    sanitize,
    async (t) => {
      await using on = await stage({ model });
      for (const [prompt, items, finalText] of SUCCEED) {
        await t.step(prompt, async () => {
          const result = await on.run(prompt, ARGS);
          assertEquals(result.finalText?.trimStart(), finalText);
          assertEquals(result.seen, [
            "thread.started",
            "turn.started",
            ...items,
            "turn.completed",
          ]);
          assertEquals(result.code, 0);
          assertEquals(on.server.turns().at(-1)?.prompt, prompt);
        });
      }
      await t.step("patch", () => patches(on));
      await t.step("json with a schema", () => fitsSchema(on));
      await t.step("images", () => countsImages(on));
    },
  );
}

async function patches(on: Stage): Promise<void> {
  const prompt = "play patch name=new/added.txt text=one%0Atwo";
  const result = await on.run(prompt, ARGS);
  assertEquals(result.seen.slice(2, -1), [
    "item.started file_change",
    "item.completed file_change",
    SAY,
  ]);
  const added = await Deno.readTextFile(join(on.repo, "new", "added.txt"));
  assertEquals(added, "one\ntwo\n");
}

async function fitsSchema(on: Stage): Promise<void> {
  const schema = join(on.home.home, "schema.json");
  const properties = {
    name: { type: "string" },
    count: { type: "integer" },
    ok: { type: "boolean" },
    tags: { type: "array", items: { type: "string" } },
    inner: {
      type: "object",
      properties: { kind: { type: "string", enum: ["a", "b"] } },
      required: ["kind"],
      additionalProperties: false,
    },
  };
  await Deno.writeTextFile(
    schema,
    JSON.stringify({
      type: "object",
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    }),
  );
  for (
    const [prompt, text] of [["play json say=x", "x"], ["hi", "You said: hi"]]
  ) {
    const { finalText } = await on.run(prompt ?? "", [
      "--output-schema",
      schema,
    ]);
    assertEquals(JSON.parse(finalText ?? ""), {
      name: text,
      count: 1,
      ok: true,
      tags: [text],
      inner: { kind: "a" },
    });
  }
}

async function countsImages(on: Stage): Promise<void> {
  const image = join(on.home.home, "dot.png");
  await Deno.writeFile(image, Uint8Array.fromBase64(DOT));
  const { finalText } = await on.run("play images", ["-i", image, "-i", image]);
  assertEquals(finalText, "images: 2");
  assertEquals(on.server.turns().at(-1)?.prompt, "play images");
}

/** A PNG of one pixel. */
const DOT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Faults that end a turn at once: the prompt, a part of the message, the model requests. */
const FAIL: [prompt: string, error: string, requests: number][] = [
  ["play status400", "The loopback model says 400", 1],
  ["play status401", "401 Unauthorized", 3],
  ["play status429", "last status: 429", 1],
  ["play status500", "high demand", 1],
  ["play usage_limit", "hit your usage limit", 1],
  ["play context_full", "ran out of room", 1],
  ["play failed", "The loopback model failed", 1],
  ["play cut", "stream disconnected before completion", 1],
  ["play cut how=eof", "stream closed before response.completed", 1],
];

Deno.test("the faults fail a turn without retries", sanitize, async (t) => {
  await using on = await stage({
    provider: "request_max_retries = 0\nstream_max_retries = 0",
  });
  for (const [prompt, error, requests] of FAIL) {
    await t.step(prompt, async () => {
      const before = on.server.turns().length;
      const result = await on.run(prompt);
      assertEquals(result.code, 1);
      assertEquals(result.seen.slice(0, 2), ["thread.started", "turn.started"]);
      assertStringIncludes(failure(result), error);
      assertEquals(on.server.turns().length - before, requests);
    });
  }
});

/** Faults that codex gets over: the prompt, the `error` events on the way. */
const RECOVER: [prompt: string, errors: number][] = [
  ["play status500 times=2", 0],
  ["play status401 times=1", 0],
  ["play failed times=1", 1],
  ["play cut times=1", 1],
  ["play cut how=eof times=2", 2],
];

Deno.test("faults with times= are retried by codex", sanitize, async (t) => {
  await using on = await stage();
  for (const [prompt, errors] of RECOVER) {
    await t.step(prompt, async () => {
      const result = await on.run(prompt);
      assertEquals(result.finalText, `You said: ${prompt}`);
      assertEquals(
        result.seen.filter((type) => type === "error").length,
        errors,
      );
      assertEquals(result.code, 0);
    });
  }
});

Deno.test("every scenario is tried here or where streams are dropped", () => {
  const prompts = [...SUCCEED, ...FAIL].map(([prompt]) => prompt);
  const tried = prompts.map((prompt) => prompt.split(" ")[1]);
  const elsewhere = ["patch", "hang", "silent"];
  const missing = Object.keys(scenarios).filter((name) =>
    !tried.includes(name) && !elsewhere.includes(name)
  );
  assertEquals(missing, []);
});

function failure(result: ExecResult): string {
  const last = result.events.at(-1);
  assert(last?.type === "turn.failed", `Ended with ${last?.type}`);
  return last.error?.message ?? "";
}

function longText(kb: number): string {
  const line = "The quick brown fox jumps over the lazy dog, once more, ok.\n";
  return line.repeat(kb * 20).slice(0, kb * 1024);
}
