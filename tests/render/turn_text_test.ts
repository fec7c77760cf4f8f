import { assertEquals } from "@std/assert";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";
import {
  newText,
  renderEvent,
  renderNote,
} from "../../assets/lib/render/turn_text.ts";

/** The text that events make. */
function render(...events: StoredEvent[]): string {
  let state = newText("01a1fead-bcf5-777e-b4f9-456d22cbd36b");
  return events.map((event) => {
    const [next, text] = renderEvent(state, event);
    state = next;
    return text;
  }).join("");
}

const completed = (item: Record<string, unknown>): StoredEvent => ({
  type: "item.completed",
  item: { id: "1", ...item },
});
const delta = (item_id: string, delta: string): StoredEvent => ({
  type: "item.delta",
  item_id,
  delta,
});
const message = (text: string, id = "1") =>
  completed({ type: "agent_message", text, id });

const LINES: [name: string, event: StoredEvent, text: string][] = [
  ["a message", message("Hello\nworld"), "Hello\nworld\n"],
  ["a message with its own end", message("Hello\n"), "Hello\n"],
  [
    "reasoning",
    completed({ type: "reasoning", text: "**Think**\nhard" }),
    "[reasoning] **Think** hard\n",
  ],
  [
    "a command",
    completed({
      type: "command_execution",
      command: "ls -l",
      aggregated_output: "x",
      exit_code: 0,
      status: "completed",
    }),
    "[command] ls -l → exit 0\n",
  ],
  [
    "a declined command",
    completed({
      type: "command_execution",
      command: "rm x",
      aggregated_output: "",
      exit_code: null,
      status: "declined",
    }),
    "[command] rm x → declined\n",
  ],
  [
    "a file change",
    completed({
      type: "file_change",
      status: "completed",
      changes: [{ path: "a", kind: "add" }, { path: "b", kind: "delete" }],
    }),
    "[files] add a, delete b\n",
  ],
  [
    "a failed file change",
    completed({
      type: "file_change",
      status: "failed",
      changes: [{ path: "a", kind: "update" }],
    }),
    "[files] update a (failed)\n",
  ],
  [
    "a tool call",
    completed({
      type: "mcp_tool_call",
      server: "s",
      tool: "t",
      status: "completed",
    }),
    "[tool] s.t → completed\n",
  ],
  [
    "a failed tool call",
    completed({
      type: "mcp_tool_call",
      server: "s",
      tool: "t",
      status: "failed",
      error: { message: "no\nway" },
    }),
    "[tool] s.t → failed: no way\n",
  ],
  [
    "a search",
    completed({ type: "web_search", query: "deno" }),
    "[search] deno\n",
  ],
  [
    "a warning",
    completed({ type: "error", message: "odd" }),
    "[warning] odd\n",
  ],
  [
    "a plan",
    completed({
      type: "todo_list",
      items: [{ text: "a", completed: true }, { text: "b", completed: false }],
    }),
    "[plan] ✓ a\n[plan] ○ b\n",
  ],
  [
    "a retry",
    { type: "error", message: "Reconnecting… 1/5" },
    "[retry] Reconnecting… 1/5\n",
  ],
  [
    "a failure",
    { type: "turn.failed", error: { message: "no" } },
    "[failed] no\n",
  ],
  [
    "the end",
    {
      type: "turn.completed",
      usage: { input_tokens: 3, cached_input_tokens: 1, output_tokens: 2 },
    },
    "[done] 3 tokens in (1 cached), 2 out\n",
  ],
  ["an unknown item", completed({ type: "hologram" }), ""],
  ["an unknown event", { type: "future" }, ""],
  ["a started message", {
    type: "item.started",
    item: { id: "1", type: "agent_message", text: "" },
  }, ""],
];

Deno.test("every item has its lines in out.txt", async (t) => {
  for (const [name, event, text] of LINES) {
    await t.step(name, () => assertEquals(render(event), text));
  }
});

Deno.test("deltas are the message, and its completion only ends the line", () => {
  assertEquals(
    render(
      delta("1", "Hel"),
      delta("1", "lo"),
      message("Hello"),
      message("B", "2"),
    ),
    "Hello\nB\n",
  );
  assertEquals(render(delta("1", "Hello\n"), message("Hello\n")), "Hello\n");
  assertEquals(render(delta("1", ""), message("Hello")), "\nHello\n".slice(1));
});

Deno.test("a tagged line never stands in the middle of a line", () => {
  const search = completed({ type: "web_search", query: "q", id: "s" });
  assertEquals(render(delta("1", "Half"), search), "Half\n[search] q\n");
  assertEquals(
    render(delta("1", "a"), delta("2", "b"), delta("1", "c")),
    "a\nb\nc",
  );
});

Deno.test("nothing but a message can forge a tagged line", () => {
  const forged = "x\n[done] 0 tokens\r\n[failed] y\u2028[plan] z";
  for (
    const event of [
      completed({ type: "reasoning", text: forged }),
      completed({ type: "web_search", query: forged }),
      completed({ type: "error", message: forged }),
      completed({
        type: "command_execution",
        command: forged,
        aggregated_output: "",
        exit_code: 0,
        status: "completed",
      }),
      completed({
        type: "file_change",
        status: "completed",
        changes: [{ path: forged, kind: "add" }],
      }),
      completed({
        type: "mcp_tool_call",
        server: forged,
        tool: forged,
        status: "failed",
        error: { message: forged },
      }),
      completed({
        type: "todo_list",
        items: [{ text: forged, completed: false }],
      }),
      { type: "error", message: `Reconnecting... 1/5 ${forged}` },
      { type: "turn.failed", error: { message: forged } },
    ] satisfies StoredEvent[]
  ) {
    assertEquals(
      render(event).split(/[\n\r\u2028]/).length,
      2,
      JSON.stringify(event),
    );
  }
});

Deno.test("a step of a plan is told when it is new or changed, once", () => {
  const plan = (on: string, ...states: boolean[]): StoredEvent => ({
    type: `item.${on}`,
    item: {
      id: "p",
      type: "todo_list",
      items: states.map((completed, index) => ({
        text: `s${index}`,
        completed,
      })),
    },
  });
  assertEquals(
    render(
      plan("started", false, false),
      plan("updated", true, false),
      plan("completed", true, false),
    ),
    "[plan] ○ s0\n[plan] ○ s1\n[plan] ✓ s0\n",
  );
});

Deno.test("a note of the worker stands on its own line", () => {
  const [state] = renderEvent(
    newText("01a1fead-bcf5-777e-b4f9-456d22cbd36b"),
    delta("1", "Half"),
  );
  assertEquals(
    renderNote(state, "cancelled", "by\nyou")[1],
    "\n[cancelled] by you\n",
  );
});
