/** out.txt of whole turns, as a person reads it. */
import { assertEquals } from "@std/assert";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";
import {
  newText,
  renderEvent,
  renderNote,
  type TextState,
} from "../../assets/lib/render/turn_text.ts";

const TURN = "01a1fead-bcf5-777e-b4f9-456d22cbd36b";

/** out.txt of these events; a string is a note of the worker's own, its tag before the colon. */
function render(...told: (StoredEvent | string)[]): string {
  let state: TextState = newText(TURN, "/repo");
  return told.map((one) => {
    const [next, text] = typeof one === "string"
      ? renderNote(state, one.split(": ")[0]!, one.split(": ")[1]!)
      : renderEvent(state, one);
    state = next;
    return text;
  }).join("");
}

type Fields = Record<string, unknown>;
const BEGUN: StoredEvent = { type: "turn.started" };
const started = (item: Fields): StoredEvent => ({ type: "item.started", item });
const updated = (item: Fields): StoredEvent => ({ type: "item.updated", item });
const completed = (item: Fields): StoredEvent => ({
  type: "item.completed",
  item: { id: "1", ...item },
});
const says = (item_id: string, ...deltas: string[]): StoredEvent[] => [
  started({ id: item_id, type: "agent_message", text: "" }),
  ...deltas.map((delta) => ({ type: "item.delta", item_id, delta })),
];
const said = (id: string, text: string): StoredEvent[] => [
  ...says(id, ...text.split(/(?<= )/)),
  completed({ id, type: "agent_message", text }),
];
const command = (id: string, command: string, more: Fields = {}): Fields => ({
  ...{ id, type: "command_execution", command, aggregated_output: "" },
  ...{ exit_code: null, status: "in_progress", ...more },
});
const ended = (exit_code: number, duration_ms: number): Fields => ({
  ...{ exit_code, duration_ms },
  status: exit_code === 0 ? "completed" : "failed",
});
const plan = (id: string, ...completed: boolean[]): Fields => ({
  ...{ id, type: "todo_list" },
  items: completed.map((completed, at) => ({
    text: `Step ${at + 1}`,
    completed,
  })),
});
const files = (...changes: Fields[]): Fields => ({
  ...{ id: "f", type: "file_change", status: "completed", changes },
});
const tool = (more: Fields = {}): Fields => ({
  ...{ id: "t", type: "mcp_tool_call", server: "docs", tool: "search" },
  ...{ status: "in_progress", ...more },
});
const LONG = `cargo test ${"--package something ".repeat(10)}`.trim();

Deno.test("newcomer C3: a whole turn in out.txt", () => {
  assertEquals(
    render(
      completed({
        id: "configWarning",
        type: "error",
        message: "Codex could not find bubblewrap",
      }),
      BEGUN,
      started({ id: "r", type: "reasoning", text: "" }),
      { type: "item.delta", item_id: "r", delta: "**Weighing**\n\nthe" },
      { type: "item.delta", item_id: "r", delta: " question" },
      completed({ id: "r", type: "reasoning", text: "…" }),
      ...said("m1", "First I look around."),
      started(plan("p", false, false)),
      started(command("c1", "ls")),
      completed(command("c1", "ls", ended(0, 140))),
      updated(plan("p", true, false)),
      started(command("c2", LONG)),
      started(tool()),
      completed(tool({ status: "completed", duration_ms: 12_400 })),
      completed(command("c2", LONG, ended(101, 278_000))),
      started(command("c3", "rm -r /")),
      completed(command("c3", "rm -r /", { status: "declined" })),
      ...said("m2", "Two tests fail:\n- one\n- two\n"),
      started(files()),
      completed(files(
        { kind: "add", path: "/repo/src/a.rs", added: 12, removed: 0 },
        { kind: "update", path: "/etc/hosts", added: 1, removed: 1 },
      )),
      completed({
        ...files({ kind: "update", path: "/repo/b.rs", added: 1, removed: 2 }),
        status: "failed",
      }),
      completed({ type: "web_search", query: "borrow checker" }),
      { type: "error", message: "Reconnecting... 1/5" },
      completed({ type: "error", message: "The model a was replaced by b" }),
      updated(plan("p", true, true)),
      completed(plan("p", true, true)),
      ...said("m3", "All green."),
      {
        type: "rate_limits",
        primary: { used_percent: 12, window_minutes: 300, resets_at: null },
        secondary: {
          used_percent: 34,
          window_minutes: 10_080,
          resets_at: null,
        },
      },
      {
        type: "turn.completed",
        usage: {
          input_tokens: 4914,
          cached_input_tokens: 3840,
          output_tokens: 104,
        },
        duration_ms: 3_725_000,
      },
    ),
    `[reasoning] **Weighing** the question

First I look around.

[plan] ○ Step 1
[plan] ○ Step 2
[command] ls
[command] ls → exit 0, 0.1 s
[plan] ✓ Step 1
[command] ${LONG}
[tool] docs.search
[tool] docs.search → completed, 12 s
[command] cargo test --package something --package something --pac… → exit 101, 4 min 38 s
[command] rm -r /
[command] rm -r / → declined

Two tests fail:
- one
- two

[files] 2 files +13 −1: add src/a.rs +12 −0, update /etc/hosts +1 −1
[files] update b.rs +1 −2 (failed)
[search] borrow checker
[retry] Reconnecting... 1/5
[warning] The model a was replaced by b
[plan] ✓ Step 2

All green.

[done] 1 h 2 min, 4914 tokens in (3840 cached), 104 out, 34 % of the quota used
`,
  );
});

Deno.test("newcomer C3: what is cut off, asked and cancelled in out.txt", () => {
  assertEquals(
    render(
      BEGUN,
      ...says("m1", "I will rewrite every"),
      { type: "item.dropped", item_id: "m1" },
      ...says("m2", "Only the parser, "),
      started(command("c1", "touch x")),
      { type: "item.delta", item_id: "c1", delta: "output of the command" },
      {
        type: "request.opened",
        request: {
          ...{ id: "r1", kind: "command", command: "touch x", cwd: "/repo" },
          ...{ reason: "May I?", prefix: null, expires_at: "" },
        },
      },
      { type: "request.resolved", request_id: "r1", outcome: "declined" },
      { type: "item.delta", item_id: "m2", delta: "then." },
      "cancelled: The turn\nwas cancelled",
    ),
    `I will rewrite every

[dropped] what was said last was cut off and does not count

Only the parser, 

[command] touch x
[approval] r1 command touch x (May I?) — ~/.codex-server/bin/codex-server approve 22cbd36b r1, or decline 22cbd36b r1
[approval] r1: declined

then.

[cancelled] The turn was cancelled
`,
  );
});

Deno.test("newcomer B3: what codex warns of before the turn, and of its configuration later, is no text of the turn", () => {
  const warning = (id: string) =>
    completed({ id, type: "error", message: `${id} of codex` });
  assertEquals(
    render(
      ...[warning("warning"), warning("configWarning"), warning("item_0")],
      BEGUN,
      ...[warning("configWarning"), warning("deprecationNotice")],
      warning("warning"),
    ),
    "[warning] warning of codex\n",
  );
});

Deno.test("whole messages, as an engine without deltas gives them, stand as the streamed ones", () => {
  const turn = (speak: (id: string, text: string) => StoredEvent[]) =>
    render(
      BEGUN,
      ...speak("a", "One\nTwo"),
      ...speak("b", "Three\n\n"),
      completed(command("c", "ls", ended(2, 50))),
      completed(tool({ status: "failed", error: { message: "no\nway" } })),
      ...speak("d", "Four"),
      { type: "turn.completed", usage: null },
    );
  const expected = `One
Two

Three

[command] ls → exit 2, 0.1 s
[tool] docs.search → failed: no way

Four

[done]
`;
  assertEquals(turn(said), expected);
  assertEquals(
    turn((id, text) => [completed({ id, type: "agent_message", text })]),
    expected,
  );
});

Deno.test("events of an earlier version have no times, and are lines all the same", () => {
  assertEquals(
    render(
      completed(command("c", "ls", { exit_code: 0, status: "completed" })),
      completed(files({ kind: "add", path: "/repo/a" })),
      completed({ type: "hologram" }),
      { type: "future" },
      completed({ type: "agent_message", text: "" }),
      {
        type: "turn.completed",
        usage: { input_tokens: 3, cached_input_tokens: 1, output_tokens: 2 },
      },
      "failed: The final message is not JSON",
    ),
    `[command] ls → exit 0
[files] add a
[done] 3 tokens in (1 cached), 2 out
[failed] The final message is not JSON
`,
  );
});
