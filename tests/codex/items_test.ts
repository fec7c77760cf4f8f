import { assertEquals } from "@std/assert";
import { toItem } from "../../assets/lib/codex/items.ts";
import type { WireItem } from "../../assets/lib/codex/wire.ts";

/** What comes, and what it is in the SDK's words. */
const CASES: [name: string, wire: WireItem, ours: Record<string, unknown>][] = [
  [
    "agentMessage",
    { type: "agentMessage", id: "1", text: "hi", phase: "commentary" },
    { id: "1", type: "agent_message", text: "hi", phase: "commentary" },
  ],
  [
    "agentMessage without a phase",
    { type: "agentMessage", id: "1", text: "hi", phase: null },
    { id: "1", type: "agent_message", text: "hi", phase: null },
  ],
  [
    "reasoning with a summary",
    { type: "reasoning", id: "2", summary: ["a", "b"], content: ["raw"] },
    { id: "2", type: "reasoning", text: "a\n\nb" },
  ],
  [
    "reasoning of an open model",
    { type: "reasoning", id: "2", summary: [], content: ["raw"] },
    { id: "2", type: "reasoning", text: "raw" },
  ],
  [
    "commandExecution",
    {
      type: "commandExecution",
      id: "3",
      command: "ls",
      cwd: "/",
      aggregatedOutput: "a\n",
      exitCode: 2,
      status: "failed",
      durationMs: 4,
    },
    {
      id: "3",
      type: "command_execution",
      command: "ls",
      aggregated_output: "a\n",
      exit_code: 2,
      duration_ms: 4,
      status: "failed",
    },
  ],
  [
    "a command that was declined",
    {
      type: "commandExecution",
      id: "3",
      command: "ls",
      aggregatedOutput: null,
      exitCode: null,
      status: "declined",
    },
    {
      id: "3",
      type: "command_execution",
      command: "ls",
      aggregated_output: "",
      exit_code: null,
      status: "declined",
    },
  ],
  [
    "fileChange",
    {
      type: "fileChange",
      id: "4",
      status: "inProgress",
      changes: [
        { path: "/a", kind: { type: "add" }, diff: "one\ntwo\n" },
        { path: "/b", kind: { type: "update", move_path: null } },
      ],
    },
    {
      id: "4",
      type: "file_change",
      status: "in_progress",
      changes: [
        { path: "/a", kind: "add", added: 2, removed: 0 },
        { path: "/b", kind: "update" },
      ],
    },
  ],
  [
    "mcpToolCall",
    {
      type: "mcpToolCall",
      id: "5",
      server: "s",
      tool: "t",
      arguments: { a: 1 },
      result: null,
      error: { message: "no" },
      status: "failed",
      durationMs: null,
    },
    {
      id: "5",
      type: "mcp_tool_call",
      server: "s",
      tool: "t",
      arguments: { a: 1 },
      result: null,
      error: { message: "no" },
      status: "failed",
    },
  ],
  [
    "webSearch, with what was done as the SDK's engine tells it",
    {
      type: "webSearch",
      id: "6",
      query: "q",
      action: { type: "search", query: "q", queries: ["q"] },
    },
    {
      id: "6",
      type: "web_search",
      query: "q",
      action: { type: "search", query: "q", queries: ["q"] },
    },
  ],
  [
    "imageView",
    { type: "imageView", id: "7", path: "/p.png" },
    { id: "7", type: "image_view", path: "/p.png" },
  ],
  [
    "exitedReviewMode",
    { type: "exitedReviewMode", id: "8", review: "fine" },
    { id: "8", type: "exited_review_mode", review: "fine" },
  ],
  [
    "a type of tomorrow",
    { type: "hologramBeam", id: "9", beam: { x: 1 } },
    { id: "9", type: "hologram_beam", beam: { x: 1 } },
  ],
  [
    "a command without its fields",
    { type: "commandExecution", id: "10" },
    {
      id: "10",
      type: "command_execution",
      command: "",
      aggregated_output: "",
      exit_code: null,
      status: "unknown",
    },
  ],
];

for (const [name, wire, ours] of CASES) {
  Deno.test(`Row C20: the item ${name} in our words`, () => {
    assertEquals(toItem(wire) as unknown, ours);
  });
}

Deno.test("review A20: a status that is not known is kept as it came", () => {
  const item = toItem({
    id: "c",
    type: "commandExecution",
    status: "timedOut",
  });
  assertEquals("status" in item && item.status, "timed_out");
});
