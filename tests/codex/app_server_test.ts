import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { RpcError } from "../../assets/lib/codex/rpc.ts";
import {
  type EngineStage,
  eventOf,
  type Message,
  openEngineStage,
  sentFor,
  type StartedTurn,
} from "../engines/engine_stage.ts";
import { notice, writeFake } from "../engines/fake_codex.ts";
import type { Script } from "../engines/fake_app_server.ts";
import { processesOf, until } from "../lab.ts";

/** The items of a type that were completed. */
const itemsOf = (turn: StartedTurn, type: string) =>
  turn.events.filter((event) =>
    event.type === "item.completed" && event.item.type === type
  ).map(({ item }) => item);

/** What the model was told in its latest request. */
const lastBody = (stage: EngineStage): string =>
  JSON.stringify(stage.server.turns().at(-1)!.body);

const exists = (path: string): boolean => {
  try {
    return Deno.lstatSync(path).isFile;
  } catch {
    return false;
  }
};

/** Runs a turn on an app-server that plays a script. */
async function play(
  stage: EngineStage,
  script: Script,
  options: Parameters<EngineStage["start"]>[1] = {},
) {
  const fake = writeFake(stage.home.home, script);
  const turn = await stage.start("hi", { codexPath: fake.path, ...options });
  return { turn, fake };
}

const TURN = ["started", "said", "completed"];

// ---- The handshake and the thread ----

Deno.test("Row C1: no message of either side has a jsonrpc member", async () => {
  await using stage = await openEngineStage();
  const { sent, received } = await stage.run("hello");
  assert(sent.length >= 4 && received.length > 10);
  assert([...sent, ...received].every((message) => !("jsonrpc" in message)));
});

Deno.test("Row C3, Row C4: before initialize codex refuses everything, after it a second one; it tells its user agent", async () => {
  await using stage = await openEngineStage();
  const client = stage.client();
  await assertRejects(
    () => client.call("thread/list"),
    RpcError,
    "Not initialized",
  );
  const { userAgent } = await client.initialize();
  assertMatch(userAgent, /\/\d+\.\d+\.\d+ \(/);
  await assertRejects(
    () => client.initialize(),
    RpcError,
    "Already initialized",
  );
});

Deno.test("Row D7: codex is told who asks; the experimental API only where a flag needs it", async () => {
  await using stage = await openEngineStage();
  const [plain, granular] = await Promise.all([
    stage.run("hello"),
    stage.run("hello", {
      experimental: true,
      approvalPolicy: {
        granular: {
          sandbox_approval: false,
          rules: false,
          mcp_elicitations: false,
        },
      },
    }),
  ]);
  const of = (turn: StartedTurn) => sentFor(turn, "initialize").params;
  assertEquals(of(plain!).clientInfo.name, "codex-server");
  assert(of(plain!).clientInfo.title && of(plain!).clientInfo.version);
  assertEquals(of(plain!).capabilities.experimentalApi, false);
  assertEquals(of(granular!).capabilities.experimentalApi, true);
  assertEquals(granular!.events.at(-1)!.type, "turn.completed");
  const agent = stage.server.turns()[0]!.headers["user-agent"] ?? "";
  assertStringIncludes(agent, "codex-server");
});

Deno.test("Row C5: a thread starts with model, directory, policy and sandbox, and is told", async () => {
  await using stage = await openEngineStage();
  const turn = await stage.run("hello", {
    model: "gpt-5.4",
    sandbox: "workspace-write",
  });
  const { params } = sentFor(turn, "thread/start");
  assertEquals(params, {
    cwd: stage.repo,
    approvalPolicy: "never",
    model: "gpt-5.4",
    sandbox: "read-only",
    serviceName: "codex-server",
    threadSource: "codex-server",
  });
  const started = turn.received.find(({ method }) =>
    method === "thread/started"
  )!;
  assertEquals(turn.events[0], {
    type: "thread.started",
    thread_id: started.params.thread.id,
  });
  assertEquals(stage.server.turns()[0]!.body!.model, "gpt-5.4");
});

Deno.test("Row C6: a thread is resumed: the model hears the earlier turns, a fork has an id of its own", async () => {
  await using stage = await openEngineStage();
  const threadOf = (turn: StartedTurn) => turn.events[0]!.thread_id as string;
  const threadId = threadOf(await stage.run("first"));
  const resumed = await stage.run("second", { threadId });
  assertEquals(threadOf(resumed), threadId);
  assertEquals(stage.server.turns().at(-1)!.prompts, ["first", "second"]);
  const forked = await stage.run("third", { threadId, fork: true });
  assert(threadOf(forked) !== threadId);
  assertEquals(stage.server.turns().at(-1)!.prompts, [
    "first",
    "second",
    "third",
  ]);
  await assertRejects(
    () => stage.run("x", { threadId: "01a1fe8e-d5c8-77c3-a907-824799b88933" }),
    Error,
    "no rollout found",
  );
});

// ---- The turn ----

Deno.test("Row C9: text, image files and image URLs reach the model", async () => {
  await using stage = await openEngineStage();
  const png =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const image = join(stage.home.home, "dot.png");
  Deno.writeFileSync(image, Uint8Array.fromBase64(png));
  const turn = await stage.run("play images", {
    images: [image, `data:image/png;base64,${png}`],
  });
  assertEquals(itemsOf(turn, "agent_message")[0].text, "images: 2");
});

Deno.test("Row C9: skills and mentions reach the model", async () => {
  await using stage = await openEngineStage();
  const skill = join(stage.home.codexHome, "skills/greet/SKILL.md");
  Deno.mkdirSync(join(skill, ".."), { recursive: true });
  Deno.writeTextFileSync(
    skill,
    "---\nname: greet\ndescription: greets\n---\nSay canary-skill-text.\n",
  );
  const turn = await stage.run("use $greet", {
    skills: [{ name: "greet", path: skill }],
    mentions: [{ name: "readme", path: join(stage.repo, "README.md") }],
  });
  assertEquals(turn.events.at(-1)!.type, "turn.completed");
  assertStringIncludes(lastBody(stage), "canary-skill-text");
});

Deno.test("Row C10: directory, policy, sandbox, model, effort, summary and schema hold for the turn", async () => {
  await using stage = await openEngineStage();
  const extra = join(stage.home.home, "extra");
  Deno.mkdirSync(extra);
  const schema = {
    type: "object",
    properties: { answer: { type: "string" } },
    required: ["answer"],
    additionalProperties: false,
  };
  const turn = await stage.run("play json", {
    sandbox: "workspace-write",
    network: true,
    addDirs: [extra],
    effort: "high",
    summary: "concise",
    schema,
  });
  const { reasoning, text } = stage.server.turns()[0]!.body as {
    reasoning: { effort: string; summary: string };
    text: { format: { schema: unknown } };
  };
  assertEquals([reasoning.effort, reasoning.summary], ["high", "concise"]);
  assertEquals(text.format.schema, schema);
  const policy = sentFor(turn, "turn/start").params.sandboxPolicy;
  assertEquals([policy.writableRoots, policy.networkAccess], [[extra], true]);
  const [context] = rolloutLines(stage, "turn_context");
  assertEquals(context!.payload.cwd, stage.repo);
  assertEquals(context!.payload.approval_policy, "never");
  assertEquals(context!.payload.sandbox_policy.type, "workspace-write");
  assertEquals(context!.payload.sandbox_policy.network_access, true);
});

/** The lines of a type in the stage's only session file. */
// deno-lint-ignore no-explicit-any
function rolloutLines(stage: EngineStage, type: string): any[] {
  const walk = (directory: string): string[] =>
    Array.from(Deno.readDirSync(directory)).flatMap(({ name, isDirectory }) =>
      isDirectory ? walk(join(directory, name)) : [join(directory, name)]
    );
  return walk(join(stage.home.codexHome, "sessions"))
    .flatMap((path) => Deno.readTextFileSync(path).trimEnd().split("\n"))
    .map((line) => JSON.parse(line))
    .filter((line) => line.type === type);
}

Deno.test("Row C11: turn/start answers inProgress at once, then the turn is started", async () => {
  await using stage = await openEngineStage();
  const { sent, received } = await stage.run("play text over=500");
  const { id } = sent.find(({ method }) => method === "turn/start")!;
  const answer = received.findIndex((message) =>
    message.id === id && message.result
  );
  const { turn } = received[answer]!.result;
  assertEquals([turn.status, turn.items], ["inProgress", []]);
  const started = received.findIndex(({ method }) => method === "turn/started");
  assert(answer < started);
  assertEquals(received[started]!.params.turn.id, turn.id);
});

Deno.test("Row C12, Row D16: an interrupt ends the turn, and the model's stream is closed", async () => {
  await using stage = await openEngineStage();
  const turn = await stage.start("play text words=200 over=20000");
  await eventOf(turn, "item.delta");
  const at = performance.now();
  turn.stop.abort();
  await turn.over;
  await turn.run.close();
  assert(performance.now() - at < 5000);
  assertEquals(turn.events.slice(-2).map(({ type }) => type), [
    "item.dropped",
    "turn.failed",
  ]);
  const completed = turn.received.find(({ method }) =>
    method === "turn/completed"
  )!;
  assertEquals(completed.params.turn.status, "interrupted");
  await stage.server.waitFor(({ openStreams }) => openStreams === 0);
  assertEquals(stage.server.closedEarly, 1);
});

Deno.test("Row C13, Row B6: a turn ends with its state and its own usage, on a resumed thread too", async () => {
  await using stage = await openEngineStage();
  const first = await stage.run("hello");
  const usage = first.events.at(-1)!.usage;
  assertEquals(first.events.at(-1)!.type, "turn.completed");
  assert(usage.input_tokens > 0 && usage.output_tokens > 0);
  const threadId = first.events[0]!.thread_id as string;
  const second = await stage.run("hello", { threadId });
  assertEquals(second.events.at(-1)!.usage.input_tokens, usage.input_tokens);
  const failed = await stage.run("play status400");
  assertEquals(failed.events.at(-1)!.type, "turn.failed");
});

// ---- Reviews ----

Deno.test("Row C14, Row C15, Row D16: each target of a review is told to the reviewer, and its text is an item", async (t) => {
  await using stage = await openEngineStage();
  const git = (...args: string[]) =>
    new Deno.Command("git", { args, cwd: stage.repo, env: stage.home.env })
      .outputSync();
  git("checkout", "-q", "-b", "work");
  Deno.writeTextFileSync(join(stage.repo, "new.txt"), "one\n");
  git("add", ".");
  git("commit", "-q", "-m", "Add one");
  Deno.writeTextFileSync(join(stage.repo, "new.txt"), "two\n");
  const sha = new TextDecoder().decode(git("rev-parse", "HEAD").stdout).trim();
  const targets: [Record<string, unknown>, mentions: string][] = [
    [{ type: "uncommittedChanges" }, "uncommitted|staged"],
    [{ type: "baseBranch", branch: "main" }, "main"],
    [{ type: "commit", sha, title: "canary-title" }, "canary-title"],
    [{ type: "custom", instructions: "canary-instructions" }, "canary-instr"],
  ];
  for (const [review, mentions] of targets) {
    await t.step(String(review.type), async () => {
      const turn = await stage.run("", { review });
      assertEquals(turn.events.at(-1)!.type, "turn.completed");
      assertMatch(lastBody(stage), new RegExp(mentions));
      const [entered] = itemsOf(turn, "entered_review_mode");
      const [exited] = itemsOf(turn, "exited_review_mode");
      assert(entered && exited, JSON.stringify(turn.events));
      assert(exited.review.length > 0);
    });
  }
});

// ---- Items, deltas ----

Deno.test("Row C20, Row C21, Row C22, Row B5: items start, stream and complete; the deltas of each are its text", async (t) => {
  await using stage = await openEngineStage();
  for (
    const prompt of [
      "play text words=30 over=300",
      "play reasoning think=one%20two%20three",
      "play unicode",
      "play escapes",
      "play two_messages",
      "play search",
    ]
  ) {
    await t.step(prompt, async () => {
      const turn = await stage.run(prompt, { sandbox: "workspace-write" });
      const { events } = turn;
      for (const { item } of events.filter(isCompleted)) {
        if (!["agent_message", "reasoning"].includes(item.type)) continue;
        const deltas = events.filter((event) =>
          event.type === "item.delta" && event.item_id === item.id
        );
        assert(deltas.length > 0, item.id);
        assertEquals(deltas.map(({ delta }) => delta).join(""), item.text);
      }
      for (const { item } of events.filter(isCompleted)) {
        const first = events.findIndex((event) => event.item?.id === item.id);
        assertEquals(events[first]!.type, "item.started", item.type);
      }
    });
  }
});

const isCompleted = (event: StartedTurn["events"][number]): boolean =>
  event.type === "item.completed" && event.item.type !== "error";

Deno.test("Row C23: reasoning summaries stream, their parts divided", async () => {
  await using stage = await openEngineStage();
  const { turn } = await play(stage, {
    "turn/start": [
      "started",
      notice("item/started", {
        item: { type: "reasoning", id: "r", summary: [], content: [] },
      }),
      ...[0, 1].flatMap((summaryIndex) => [
        notice("item/reasoning/summaryPartAdded", {
          itemId: "r",
          summaryIndex,
        }),
        notice("item/reasoning/summaryTextDelta", {
          itemId: "r",
          summaryIndex,
          delta: `part ${summaryIndex}`,
        }),
      ]),
      notice("item/reasoning/textDelta", {
        itemId: "r",
        contentIndex: 0,
        delta: "raw thoughts",
      }),
      notice("item/completed", {
        item: {
          type: "reasoning",
          id: "r",
          summary: ["part 0", "part 1"],
          content: [],
        },
      }),
      "completed",
    ],
  });
  await turn.over;
  const deltas = turn.events.filter(({ type }) => type === "item.delta");
  assertEquals(
    deltas.map(({ delta }) => delta).join(""),
    itemsOf(turn, "reasoning")[0].text,
  );
});

Deno.test("Row D20: warnings for configuration and deprecation are told", async () => {
  await using stage = await openEngineStage();
  const { turn } = await play(stage, {
    "initialized": [
      { method: "configWarning", params: { summary: "Odd", details: null } },
    ],
    "turn/start": [
      "started",
      {
        method: "deprecationNotice",
        params: { summary: "Old", details: "use new" },
      },
      notice("rawResponseItem/completed", { item: { type: "message" } }),
      ...TURN.slice(1),
    ],
  });
  await turn.over;
  const warnings = itemsOf(turn, "error").map(({ message }) => message);
  assertEquals(warnings, ["Odd", "Old use new"]);
  const raw = turn.events.find(({ type }) => type === "notification");
  assertEquals(raw!.method, "rawResponseItem/completed");
});

// ---- Requests of the server ----

Deno.test("Row D14: a reviewer's decisions are kept as they are told", async () => {
  await using stage = await openEngineStage();
  const review = { reviewId: "x", targetItemId: "c" };
  const { turn } = await play(stage, {
    "turn/start": [
      "started",
      notice("item/autoApprovalReview/started", review),
      notice("item/autoApprovalReview/completed", review),
      ...TURN.slice(1),
    ],
  });
  await turn.over;
  const kept = turn.events.filter(({ type }) => type === "notification");
  assertEquals(kept.map(({ method }) => method), [
    "item/autoApprovalReview/started",
    "item/autoApprovalReview/completed",
  ]);
});

Deno.test("Row D23: .git and .codex cannot be written in the workspace-write sandbox", async () => {
  await using stage = await openEngineStage();
  Deno.mkdirSync(join(stage.repo, ".codex"));
  const cmd =
    "for f in .git/canary .codex/canary plain; do touch $f && echo wrote $f; done";
  const turn = await stage.run(
    `play command cmd=${encodeURIComponent(cmd)}`,
    { sandbox: "workspace-write" },
  );
  const [command] = itemsOf(turn, "command_execution");
  assertMatch(command.aggregated_output, /wrote plain/);
  assertEquals(command.aggregated_output.match(/wrote \S+/g), ["wrote plain"]);
  assertEquals(exists(join(stage.repo, ".git/canary")), false);
});

// ---- When codex does what it should not ----

Deno.test("Row B4: a megabyte on stderr blocks nobody", async () => {
  await using stage = await openEngineStage();
  const { turn } = await play(stage, {
    "initialize": ["noise"],
    "turn/start": ["noise", ...TURN],
  });
  await turn.over;
  assertEquals(turn.events.at(-1)!.type, "turn.completed");
});

Deno.test("Row B3: the client's pipe stays open until the turn is over, and lines may come in pieces", async () => {
  await using stage = await openEngineStage();
  const said = JSON.stringify(notice("item/completed", {
    item: { type: "agentMessage", id: "m", text: "in pieces", phase: null },
  }));
  const { turn } = await play(stage, {
    "turn/start": [
      "started",
      "WARN no message\n",
      said.slice(0, 20),
      said.slice(20),
      "\r\n\n",
      "completed",
    ],
  });
  await turn.over;
  assertEquals(itemsOf(turn, "agent_message")[0].text, "in pieces");
  assert(turn.log.some((line) => line.includes("WARN no message")));
});

Deno.test("a codex that ends in the middle of a turn fails it, with the exit code and its last words", async () => {
  await using stage = await openEngineStage();
  const { turn } = await play(stage, {
    "turn/start": ["started", "stderr canary-last-words", "exit 7"],
  });
  const error = await assertRejects(() => turn.over);
  assertMatch((error as Error).message, /code 7.*canary-last-words/);
});

Deno.test("a thread or a turn that codex refuses is refused with its words, and no process is left", async (t) => {
  await using stage = await openEngineStage();
  for (const method of ["thread/start", "turn/start"]) {
    await t.step(method, async () => {
      const script = {
        [`result:${method}`]: [{ error: { code: -1, message: "canary-no" } }],
      };
      await assertRejects(() => play(stage, script), Error, "canary-no");
      const own = () =>
        processesOf(stage.home.home).filter(({ command }) =>
          command.includes("fake_app_server")
        );
      await until(() => own().length === 0, "its process to end", 4000);
    });
  }
});

Deno.test("what config.toml says of the workspace-write sandbox holds for a turn that asks for it", async () => {
  await using stage = await openEngineStage({
    config: "sandbox_workspace_write.network_access = true",
  });
  await stage.run("hello", { sandbox: "workspace-write" });
  const [context] = rolloutLines(stage, "turn_context");
  assertEquals(context!.payload.sandbox_policy.network_access, true);
});

Deno.test("notifications that are not what they were do not end the turn", async () => {
  await using stage = await openEngineStage();
  const { turn } = await play(stage, {
    "turn/start": [
      "started",
      notice("item/started"),
      notice("item/completed", { item: null }),
      notice("thread/tokenUsage/updated"),
      notice("turn/plan/updated", { plan: "none" }),
      notice("account/rateLimits/updated"),
      notice("error"),
      "said",
      "completed",
    ],
  });
  await turn.over;
  assertEquals(itemsOf(turn, "agent_message").length, 1);
  assertEquals(turn.events.at(-1)!.type, "turn.completed");
});

Deno.test("notifications that come before the thread is known are not lost", async () => {
  await using stage = await openEngineStage();
  const early: Message = { method: "warning", params: { message: "early" } };
  const { turn } = await play(stage, {
    "initialize": [early as Record<string, unknown>],
    "turn/start": TURN,
  });
  await turn.over;
  assertEquals(itemsOf(turn, "error").map(({ message }) => message), ["early"]);
});
