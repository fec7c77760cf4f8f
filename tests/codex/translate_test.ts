import { assertEquals } from "@std/assert";
import {
  newTranslation,
  translate,
  type TranslationState,
} from "../../assets/lib/codex/translate.ts";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";

/** `method` and params of a notification; those without a thread get this one. */
type Told = [method: string, params?: Record<string, unknown>];

/** The events of notifications about one thread, and the state after them. */
function told(
  ...notifications: Told[]
): { state: TranslationState; events: StoredEvent[] } {
  let state = newTranslation("t1");
  const all: StoredEvent[] = [];
  for (const [method, params = {}] of notifications) {
    const [next, events] = translate(state, {
      method,
      params: { threadId: "t1", turnId: "u1", ...params },
    });
    state = next;
    all.push(...events);
  }
  return { state, events: all };
}

const STARTED: Told = ["turn/started", {
  turn: { id: "u1", status: "inProgress" },
}];
const completed = (status = "completed", error: unknown = null): Told => [
  "turn/completed",
  { turn: { id: "u1", status, error } },
];
const message = (id: string, text = "") => ({
  type: "agentMessage",
  id,
  text,
  phase: "final_answer",
});
const started = (item: unknown): Told => ["item/started", { item }];
const ended = (item: unknown): Told => ["item/completed", { item }];
const says = (itemId: string, delta: string): Told => [
  "item/agentMessage/delta",
  { itemId, delta },
];
const used = (input: number, turnId = "u1"): Told => [
  "thread/tokenUsage/updated",
  {
    turnId,
    tokenUsage: {
      total: breakdown(1000 + input),
      last: breakdown(input),
      modelContextWindow: null,
    },
  },
];
const breakdown = (n: number) => ({
  totalTokens: n + 1,
  inputTokens: n,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 1,
  reasoningOutputTokens: 0,
});
const types = (events: StoredEvent[]) => events.map(({ type }) => type);

Deno.test("Row C21: an item is started, streamed and completed; what is completed counts", () => {
  const { events, state } = told(
    STARTED,
    started(message("m")),
    says("m", "He"),
    says("m", "llo"),
    ended(message("m", "Hello!")),
    completed(),
  );
  assertEquals(types(events), [
    "turn.started",
    "item.started",
    "item.delta",
    "item.delta",
    "item.completed",
    "turn.completed",
  ]);
  assertEquals(events[4], {
    type: "item.completed",
    item: {
      id: "m",
      type: "agent_message",
      text: "Hello!",
      phase: "final_answer",
    },
  });
  assertEquals(state.open.size, 0);
});

Deno.test("what the user said is no event: the prompt is known", () => {
  const user = { type: "userMessage", id: "p", content: [] };
  assertEquals(told(started(user), ended(user)).events, []);
});

Deno.test("Row C23: the parts of a reasoning summary are paragraphs, its raw text is not streamed", () => {
  const part = (summaryIndex: number): Told => [
    "item/reasoning/summaryPartAdded",
    { itemId: "r", summaryIndex },
  ];
  const text = (delta: string): Told => [
    "item/reasoning/summaryTextDelta",
    { itemId: "r", delta, summaryIndex: 0 },
  ];
  const reasoning = (summary: string[]) => ({
    type: "reasoning",
    id: "r",
    summary,
    content: [],
  });
  const { events } = told(
    started(reasoning([])),
    part(0),
    text("First "),
    text("part"),
    part(1),
    text("second"),
    ["item/reasoning/textDelta", {
      itemId: "r",
      delta: "raw",
      contentIndex: 0,
    }],
    ended(reasoning(["First part", "second"])),
  );
  const deltas = events.filter(({ type }) => type === "item.delta") as {
    delta: string;
  }[];
  const joined = deltas.map(({ delta }) => delta).join("");
  assertEquals(joined, "First part\n\nsecond");
  assertEquals(events.at(-1), {
    type: "item.completed",
    item: { id: "r", type: "reasoning", text: joined },
  });
});

Deno.test("output of commands and plans in prose are deltas of their items", () => {
  const { events } = told(
    ["item/commandExecution/outputDelta", { itemId: "c", delta: "out" }],
    ["item/plan/delta", { itemId: "p", delta: "1. go" }],
  );
  assertEquals(events, [
    {
      type: "item.delta",
      item_id: "c",
      kind: "command_execution",
      delta: "out",
    },
    { type: "item.delta", item_id: "p", kind: "plan", delta: "1. go" },
  ]);
});

Deno.test("a retry drops what was being said, but no command: that goes on; an error that is final drops nothing", () => {
  const fails = (willRetry: boolean) => {
    const { events, state } = told(
      started(message("m1")),
      says("m1", "lost"),
      started({ type: "reasoning", id: "r", summary: [], content: [] }),
      started({ type: "commandExecution", id: "c", command: "ls" }),
      ["error", { error: { message: "Reconnecting... 1/5" }, willRetry }],
      started(message("m2")),
    );
    return [events.slice(4, -1), [...state.open.keys()]];
  };
  const error = { type: "error", message: "Reconnecting... 1/5" };
  const dropped = ["m1", "r"].map((item_id) => ({
    type: "item.dropped",
    item_id,
  }));
  assertEquals(fails(true), [[...dropped, error], ["c", "m2"]]);
  assertEquals(fails(false)[0]![0], error);
});

Deno.test("after a steer the message that was cut off is dropped when the next one starts", () => {
  const { events } = told(
    started(message("m1")),
    says("m1", "half"),
    started({ type: "userMessage", id: "p2", content: [] }),
    started(message("m2")),
    ended(message("m2", "whole")),
    completed(),
  );
  assertEquals(types(events), [
    "item.started",
    "item.delta",
    "item.dropped",
    "item.started",
    "item.completed",
    "turn.completed",
  ]);
});

Deno.test("Row C12: an interrupted turn has failed, and what was open is dropped", () => {
  const { events } = told(
    STARTED,
    started(message("m")),
    says("m", "half"),
    completed("interrupted"),
  );
  assertEquals(events.slice(3), [
    { type: "item.dropped", item_id: "m" },
    {
      type: "turn.failed",
      error: { message: "The turn was interrupted" },
    },
  ]);
});

Deno.test("a failed turn says why, in codex's words and ours", () => {
  const { events } = told(
    completed("failed", {
      message: "Too much",
      codexErrorInfo: "contextWindowExceeded",
      additionalDetails: "by far",
    }),
    completed("failed", { message: "Odd", codexErrorInfo: "other" }),
  );
  assertEquals(events, [
    {
      type: "turn.failed",
      error: { message: "Too much (by far)", code: "context_full" },
    },
    { type: "turn.failed", error: { message: "Odd" } },
  ]);
});

Deno.test("Row C13: the usage of a turn is the sum of its own requests; what an earlier one used is told again on resume", () => {
  const { events } = told(
    used(500, "u0"),
    STARTED,
    used(10),
    used(20),
    completed(),
  );
  const { usage } = events.at(-1) as { usage: { input_tokens: number } };
  assertEquals(usage.input_tokens, 30);
});

Deno.test("plan updates are one todo list, completed with the turn", () => {
  const steps = (...states: string[]): Told => ["turn/plan/updated", {
    explanation: null,
    plan: states.map((status, index) => ({ step: `s${index}`, status })),
  }];
  const { events } = told(
    steps("inProgress", "pending"),
    steps("completed", "completed"),
    completed(),
  );
  const list = (...done: boolean[]) => ({
    id: "plan",
    type: "todo_list",
    items: done.map((completed, index) => ({ text: `s${index}`, completed })),
  });
  assertEquals(events.slice(0, 3), [
    { type: "item.started", item: list(false, false) },
    { type: "item.updated", item: list(true, true) },
    { type: "item.completed", item: list(true, true) },
  ] as StoredEvent[]);
});

Deno.test("Row D19: the latest diff of the turn is kept, not told", () => {
  const { state, events } = told(
    ["turn/diff/updated", { diff: "--- a" }],
    ["turn/diff/updated", { diff: "--- b" }],
  );
  assertEquals([state.diff, events], ["--- b", []]);
});

Deno.test("Row D20: warnings about configuration, deprecation, guardian and model are told", () => {
  const { events } = told(
    ["warning", { message: "careful" }],
    ["guardianWarning", { message: "hm" }],
    ["configWarning", { summary: "Odd key", details: "in [x]" }],
    ["deprecationNotice", { summary: "Old flag", details: null }],
    ["model/rerouted", { fromModel: "a", toModel: "b", reason: "capacity" }],
  );
  const said = events.map((event) => {
    const { item } = event as { item: { type: string; message: string } };
    return [event.type, item.type, item.message];
  });
  assertEquals(
    said,
    [
      "careful",
      "hm",
      "Odd key in [x]",
      "Old flag",
      "The model a was replaced by b",
    ].map((text) => ["item.completed", "error", text]),
  );
});

Deno.test("another thread's notifications say nothing, and nobody's are not kept", () => {
  const other = { threadId: "t2" };
  const { events, state } = told(
    ["item/agentMessage/delta", { ...other, itemId: "m", delta: "x" }],
    ["turn/completed", { ...other, turn: { id: "u9", status: "completed" } }],
    ["something/new", other],
    ["turn/diff/updated", { ...other, diff: "theirs" }],
    ["thread/started", { thread: { id: "t1" } }],
  );
  assertEquals([events, state.diff], [[], ""]);
  const [, global] = translate(state, { method: "skills/changed", params: {} });
  assertEquals(global, []);
});

Deno.test("a state is never changed in place", () => {
  const before = newTranslation("t1");
  translate(before, {
    method: "item/started",
    params: { threadId: "t1", item: message("m") },
  });
  assertEquals(before, newTranslation("t1"));
});

Deno.test("review A21: every warning has an id of its own", () => {
  let state = newTranslation("t");
  const ids = ["warning", "configWarning", "warning"].map((method) => {
    const told = { method, params: { message: "m", summary: "s" } };
    const [next, [event]] = translate(state, told);
    state = next;
    return (event as { item: { id: string } }).item.id;
  });
  assertEquals(new Set(ids).size, 3);
});
