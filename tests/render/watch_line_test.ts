/** What `watch` shows of a turn, line by line. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";
import {
  flat,
  MAX_LINE,
  shortLine,
  watchLine,
  withAdvice,
} from "../../assets/lib/render/watch_line.ts";

const TURN = {
  turnId: "01a1fead-bcf5-777e-b4f9-456d22cbd36b",
  cwd: "/repo",
  begun: true,
};

type Fields = Record<string, unknown>;
const item = (type: "started" | "completed", item: Fields): StoredEvent => ({
  type: `item.${type}`,
  item: { id: "1", ...item },
});
const command = (more: Fields): Fields => ({
  ...{ type: "command_execution", command: "cargo  test", status: "failed" },
  ...more,
});
const asked = (command: string): StoredEvent => ({
  type: "request.opened",
  request: {
    ...{ id: "r1", kind: "command", command, cwd: null },
    ...{ reason: null, prefix: null, expires_at: "" },
  },
});

const EVENTS: StoredEvent[] = [
  { type: "thread.started", thread_id: "01a1fed3" },
  { type: "turn.started" },
  item("completed", { type: "reasoning", text: "" }),
  item("completed", { type: "reasoning", text: "**Hm**\nwell" }),
  item("started", { type: "agent_message", text: "" }),
  { type: "item.delta", item_id: "1", delta: "x" },
  item("completed", { type: "agent_message", text: "First\nI look" }),
  item("started", command({ status: "in_progress" })),
  item("completed", command({ exit_code: 3, duration_ms: 900 })),
  item("completed", command({ exit_code: null, status: "declined" })),
  item("completed", {
    type: "file_change",
    status: "completed",
    changes: [
      { kind: "add", path: "/repo/a", added: 3, removed: 0 },
      { kind: "update", path: "/repo/b", added: 1, removed: 1 },
    ],
  }),
  item("completed", {
    ...{ type: "mcp_tool_call", server: "docs", tool: "search" },
    ...{ status: "completed", duration_ms: 12_000 },
  }),
  item("completed", { type: "web_search", query: "deno" }),
  item("completed", { id: "configWarning", type: "error", message: "bwrap" }),
  item("completed", { id: "item_3", type: "error", message: "rerouted" }),
  { type: "error", message: "Reconnecting... 1/5" },
  { type: "error", message: "The reason, which comes once more" },
  { type: "request.resolved", request_id: "r1", outcome: "approved" },
  item("completed", { type: "hologram" }),
  { type: "future", x: 1 },
];

Deno.test("watch: a turn in lines", () => {
  const lines = EVENTS.flatMap((event) => watchLine(TURN, event)?.text ?? []);
  assertEquals(
    lines.map(shortLine).join("\n"),
    `[thread] 01a1fed3
[reasoning] **Hm** well
[message] First I look
[command] cargo test
[command] cargo test → exit 3, 0.9 s
[command] cargo test → declined
[files] 2 files +4 −1: add a +3 −0, update b +1 −1
[tool] docs.search → completed, 12 s
[search] deno
[warning] rerouted
[retry] Reconnecting... 1/5
[approval] r1: approved`,
  );
  const early = item("completed", { type: "error", message: "untrusted" });
  assertEquals(watchLine({ ...TURN, begun: false }, early), null);
});

Deno.test("watch: a request is urgent, and so is what became of it", () => {
  for (const event of EVENTS) {
    const urgent = event.type === "request.resolved";
    assertEquals(watchLine(TURN, event)?.urgent ?? false, urgent);
  }
  assert(watchLine(TURN, asked("ls"))!.urgent);
});

Deno.test("newcomer B5: the cut takes neither how a command ended, nor the command that answers or goes on", () => {
  const long = "x".repeat(500);
  const ended = watchLine(
    TURN,
    item("completed", command({ command: long, exit_code: 3 })),
  )!;
  assert(shortLine(`22cbd36b #12345 ${ended.text}`).endsWith("… → exit 3"));
  const request = flat(`22cbd36b #12 ${watchLine(TURN, asked(long))!.text}`);
  assert(request.length <= MAX_LINE);
  assertStringIncludes(request, "approve 22cbd36b r1, or decline 22cbd36b r1");
  const advice =
    '— go on with: ~/.codex-server/bin/codex-server continue --thread 01a223e3-f956-71d0-be2d-33ae964f8998 "…"';
  const last = withAdvice("22cbd36b #12 [abandoned]", long, advice);
  assert(last.length <= MAX_LINE);
  assert(last.startsWith("22cbd36b #12 [abandoned] xxx"));
  assert(last.endsWith(`… ${advice}`), last);
  assert(withAdvice("22cbd36b", long, long).endsWith(`… ${long}`));
  assertEquals(withAdvice("a", "b\nc", "d"), "a b c d");
});

Deno.test("a line is one line of at most 200 characters, whatever it holds, and not cut within a character", () => {
  assertEquals(shortLine("a\r\n b\t\u2028c "), "a b c");
  assertEquals(shortLine("x".repeat(MAX_LINE)), "x".repeat(MAX_LINE));
  assertEquals(
    shortLine("x".repeat(MAX_LINE + 1)),
    `${"x".repeat(MAX_LINE - 1)}…`,
  );
  const cut = shortLine("🚀".repeat(MAX_LINE));
  assert(cut.length <= MAX_LINE);
  assert(cut.isWellFormed(), "half a surrogate pair");
});
