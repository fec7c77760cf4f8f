import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { newTranslation, translate } from "../../assets/lib/codex/translate.ts";
import { EMPTY_SUMMARY, summarize } from "../../assets/lib/events/summary.ts";
import {
  isTerminal,
  isThreadEvent,
  type StoredEvent,
} from "../../assets/lib/events/thread_event.ts";
import { cutAt, cuts, json, text } from "../arbitrary.ts";

interface Told {
  method: string;
  params: Record<string, unknown>;
}

const THREAD = "t1";
const say = (method: string, params: Record<string, unknown>): Told => ({
  method,
  params: { threadId: THREAD, ...params },
});

/** The events of these notifications. */
function eventsOf(notifications: Told[]): StoredEvent[] {
  let state = newTranslation(THREAD);
  return notifications.flatMap((notification) => {
    const [next, events] = translate(state, notification);
    state = next;
    return events;
  });
}

/** An item's notifications as codex gives them: started, its text in pieces, completed. */
const script = (
  type: "agentMessage" | "reasoning" | "commandExecution",
  method: string,
  bodyOf: (text: string) => Record<string, unknown>,
) =>
  fc.record({ body: text, at: cuts, completes: fc.boolean() }).map((
    { body, at, completes },
  ) =>
  (id: string): Told[] => [
    say("item/started", { item: { type, id, ...bodyOf("") } }),
    ...cutAt(body, at).map((delta) => say(method, { itemId: id, delta })),
    ...(completes
      ? [say("item/completed", { item: { type, id, ...bodyOf(body) } })]
      : []),
  ]);

const message = script(
  "agentMessage",
  "item/agentMessage/delta",
  (text) => ({ text }),
);
const reasoning = script(
  "reasoning",
  "item/reasoning/summaryTextDelta",
  (text) => ({ summary: [text], content: [] }),
);
const command = script(
  "commandExecution",
  "item/commandExecution/outputDelta",
  (aggregatedOutput) => ({
    command: "x",
    aggregatedOutput,
    status: "completed",
  }),
);

/** Two tracks that run side by side, what is said and what is run, mixed in any way. */
const turn = fc.record({
  spoken: fc.array(fc.oneof(message, reasoning), { maxLength: 5 }),
  run: fc.array(command, { maxLength: 3 }),
  first: fc.array(fc.boolean(), { maxLength: 60 }),
}).map(({ spoken, run, first }) => {
  const tracks = [
    spoken.flatMap((script, index) => script(`s${index}`)),
    run.flatMap((script, index) => script(`c${index}`)),
  ] as const;
  const mixed = first.flatMap((spoken) => tracks[spoken ? 0 : 1].shift() ?? []);
  return [
    ...mixed,
    ...tracks[0],
    ...tracks[1],
    say("turn/completed", {
      turn: { id: "u", status: "completed", error: null },
    }),
  ];
});

Deno.test("deltas join to the item's text, and every item starts once before it ends at most once", () => {
  fc.assert(
    fc.property(turn, (notifications) => {
      const started = new Set<string>();
      const ended = new Set<string>();
      const said = new Map<string, string>();
      const events = eventsOf(notifications);
      for (const event of events) {
        assert(isThreadEvent(event), JSON.stringify(event));
        switch (event.type) {
          case "item.started":
            assert(!started.has(event.item.id));
            started.add(event.item.id);
            break;
          case "item.delta":
            assert(started.has(event.item_id) && !ended.has(event.item_id));
            said.set(
              event.item_id,
              (said.get(event.item_id) ?? "") + event.delta,
            );
            break;
          case "item.completed":
          case "item.dropped": {
            const id = "item" in event ? event.item.id : event.item_id;
            assert(started.has(id) && !ended.has(id));
            ended.add(id);
            if (event.type === "item.dropped") break;
            const { item } = event;
            const whole = item.type === "command_execution"
              ? item.aggregated_output
              : (item as { text: string }).text;
            assertEquals(said.get(id) ?? "", whole);
          }
        }
      }
      for (const id of started) {
        // A command that was cut off is told by the end of the turn alone.
        assert(ended.has(id) || id.startsWith("c"), `${id} has no end`);
      }
      assert(isTerminal(events.at(-1)!));
      assertEquals(events.filter(isTerminal).length, 1);
    }),
    { numRuns: 400 },
  );
});

const FIELDS = [
  ...["threadId", "turnId", "itemId", "item", "delta", "summaryIndex", "plan"],
  ...["diff", "tokenUsage", "rateLimits", "error", "willRetry", "turn"],
  ...["message", "summary", "details", "fromModel", "toModel", "toString"],
];
const METHODS = [
  ...["turn/started", "turn/completed", "item/started", "item/completed"],
  ...["item/agentMessage/delta", "item/commandExecution/outputDelta"],
  ...["item/reasoning/summaryTextDelta", "item/reasoning/summaryPartAdded"],
  ...["item/plan/delta", "turn/plan/updated", "turn/diff/updated"],
  ...["thread/tokenUsage/updated", "account/rateLimits/updated", "error"],
  ...["warning", "configWarning", "model/rerouted", "thread/started", "new"],
];

/** Something shaped like what codex sends, with anything in its fields. */
const odd = (names: string[], values: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom(...names), values, { maxKeys: names.length });
const word = fc.constantFrom(
  ...["completed", "failed", "interrupted", "constructor", "toString"],
  ...["agentMessage", "reasoning", "commandExecution", "fileChange", "error"],
  ...["mcpToolCall", "webSearch", "todoList", "userMessage", "todo_list"],
);
const oddError = odd(
  ["message", "codexErrorInfo", "additionalDetails"],
  fc.oneof(text, word, json),
);
const oddPart = fc.oneof(
  json,
  word,
  oddError,
  fc.array(
    odd(["step", "status", "path", "kind", "text"], fc.oneof(word, json)),
  ),
  odd(["last", "primary", "resetsAt", "usedPercent", "inputTokens"], json),
);
const oddItem = odd(
  [
    ...["type", "type", "id", "text", "phase", "summary", "content", "command"],
    ...["aggregatedOutput", "exitCode", "status", "changes", "server", "tool"],
    ...["error", "query", "items", "message"],
  ],
  fc.oneof(word, text, oddPart),
);
const oddTurn = odd(["id", "status", "error"], fc.oneof(word, oddError, json));
const hostile: fc.Arbitrary<Told> = fc.record({
  method: fc.oneof(fc.constantFrom(...METHODS), text),
  params: odd(FIELDS, fc.oneof(oddPart, oddItem, oddTurn, word, text)).chain((
    params,
  ) =>
    fc.boolean().map((ours) => ours ? { ...params, threadId: THREAD } : params)
  ),
});

// That whoever reads events takes any, tests/events/thread_event_property_test.ts shows.
Deno.test("no notification throws, and what comes of it can be stored", () => {
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 8 }), (notifications) => {
      for (const event of eventsOf(notifications)) {
        assertEquals(typeof event.type, "string");
        const read: StoredEvent = JSON.parse(JSON.stringify(event));
        assertEquals(isThreadEvent(read), isThreadEvent(event));
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("whatever the end of the turn looks like, it is an end", () => {
  fc.assert(
    fc.property(fc.oneof(oddTurn, json), (turn) => {
      const events = eventsOf([say("turn/completed", { turn })]);
      assert(isTerminal(events.at(-1)!), JSON.stringify(events));
      assert(isThreadEvent(events.at(-1)!));
      const { ended } = events.reduce(summarize, EMPTY_SUMMARY);
      assert(ended !== null);
    }),
    { numRuns: 500 },
  );
});

Deno.test("Row D20: what is unknown is kept as it came, and another thread's says nothing", () => {
  const unknown = fc.oneof(
    text.map((name) => `new/${name}`),
    fc.constantFrom("rawResponseItem/completed", "hook/started"),
  );
  fc.assert(
    fc.property(unknown, fc.dictionary(text, json), (method, fields) => {
      const params = { ...fields, threadId: THREAD };
      assertEquals(eventsOf([{ method, params }]), [
        { type: "notification", method, params },
      ]);
      const others = { ...fields, threadId: "t2" };
      assertEquals(eventsOf([{ method, params: others }]), []);
    }),
    { numRuns: 300 },
  );
});
