import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";
import {
  MAX_LINE,
  shortLine,
  watchLine,
} from "../../assets/lib/render/watch_line.ts";

const TURN = "01a1fead-bcf5-777e-b4f9-456d22cbd36b";

const completed = (item: Record<string, unknown>) =>
  ({ type: "item.completed", item: { id: "1", ...item } }) as StoredEvent;

const LINES: [name: string, event: StoredEvent, text: string | null][] = [
  ["a thread", { type: "thread.started", thread_id: "t" }, "[thread] t"],
  [
    "a message",
    completed({ type: "agent_message", text: "Hello" }),
    "[message] Hello",
  ],
  [
    "reasoning",
    completed({ type: "reasoning", text: "Hm" }),
    "[reasoning] Hm",
  ],
  ["empty reasoning", completed({ type: "reasoning", text: "" }), null],
  [
    "a command that starts",
    {
      type: "item.started",
      item: {
        id: "1",
        type: "command_execution",
        command: "ls",
        aggregated_output: "",
        status: "in_progress",
      },
    },
    "[command] ls …",
  ],
  [
    "a command that ended",
    completed({ type: "command_execution", command: "ls", exit_code: 2 }),
    "[command] ls → 2",
  ],
  [
    "a declined command",
    completed({
      type: "command_execution",
      command: "ls",
      exit_code: null,
      status: "declined",
    }),
    "[command] ls → declined",
  ],
  [
    "files",
    completed({
      type: "file_change",
      changes: [{ kind: "add", path: "a" }, { kind: "update", path: "b" }],
    }),
    "[files] add a, update b",
  ],
  [
    "a tool call",
    completed({
      type: "mcp_tool_call",
      server: "s",
      tool: "t",
      status: "completed",
    }),
    "[tool] s.t → completed",
  ],
  ["a search", completed({ type: "web_search", query: "q" }), "[search] q"],
  ["a warning", completed({ type: "error", message: "w" }), "[warning] w"],
  [
    "a retry",
    { type: "error", message: "Reconnecting" },
    "[retry] Reconnecting",
  ],
  ["a delta", { type: "item.delta", item_id: "1", delta: "x" }, null],
  ["the start of the turn", { type: "turn.started" }, null],
  ["an event of a newer codex", { type: "future", x: 1 }, null],
  ["an item of a newer codex", completed({ type: "future" }), null],
];

for (const [name, event, text] of LINES) {
  Deno.test(`watch: ${name} is ${text === null ? "no line" : "a line"}`, () => {
    const line = watchLine(TURN, event);
    assertEquals(line?.text ?? null, text);
    assert(!line?.urgent);
  });
}

const asked = (command: string): StoredEvent => ({
  type: "request.opened",
  request: {
    id: "r1",
    expires_at: "",
    kind: "command",
    command,
    cwd: null,
    reason: null,
    prefix: null,
  },
});

Deno.test("watch: a request is urgent, and so is what became of it", () => {
  const line = watchLine(TURN, asked("ls"));
  assert(line?.urgent);
  assertStringIncludes(line.text, "approve 22cbd36b r1");
  const resolved = watchLine(TURN, {
    type: "request.resolved",
    request_id: "r1",
    outcome: "approved",
  });
  assertEquals(resolved, { text: "[approval] r1: approved", urgent: true });
});

Deno.test("watch: the command that answers a request survives the cut of a long line", () => {
  const { text } = watchLine(TURN, asked("x".repeat(500)))!;
  const line = shortLine(`22cbd36b #12 ${text}`);
  assert(line.length <= MAX_LINE);
  assertStringIncludes(line, "approve 22cbd36b r1");
});

Deno.test("a line is one line of at most 200 characters, whatever it holds", () => {
  assertEquals(shortLine("a\r\n b\t\u2028c "), "a b c");
  assertEquals(shortLine("x".repeat(MAX_LINE)), "x".repeat(MAX_LINE));
  const cut = shortLine("x".repeat(MAX_LINE + 1));
  assertEquals(cut, `${"x".repeat(MAX_LINE - 1)}…`);
});

Deno.test("a line is not cut within a character", () => {
  const cut = shortLine("🚀".repeat(MAX_LINE));
  assert(cut.length <= MAX_LINE);
  assert(cut.isWellFormed(), "half a surrogate pair");
});
