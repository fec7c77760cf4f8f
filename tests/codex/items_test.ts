import { assertEquals } from "@std/assert";
import { toItem } from "../../assets/lib/codex/items.ts";

const COMMAND = { command: "ls", aggregated_output: "" };
const CALL = { server: "s", tool: "t", arguments: { a: 1 }, result: null };
const SEARCH = { type: "search", query: "q", queries: ["q"] };

type Item = { type: string; [field: string]: unknown };

/** What comes, and what it is in the SDK's words; the id is kept. */
const CASES: [wire: Item, ours: Item][] = [
  [
    { type: "agentMessage", text: "hi", phase: "commentary" },
    { type: "agent_message", text: "hi", phase: "commentary" },
  ],
  [
    { type: "agentMessage", text: "hi", phase: null },
    { type: "agent_message", text: "hi", phase: null },
  ],
  [
    { type: "reasoning", summary: ["a", "b"], content: ["raw"] },
    { type: "reasoning", text: "a\n\nb" },
  ],
  // An open model's has no summary.
  [
    { type: "reasoning", summary: [], content: ["raw"] },
    { type: "reasoning", text: "raw" },
  ],
  [
    {
      ...{ type: "commandExecution", command: "ls", cwd: "/", durationMs: 4 },
      ...{ aggregatedOutput: "a\n", exitCode: 2, status: "failed" },
    },
    {
      ...{ type: "command_execution", command: "ls", duration_ms: 4 },
      ...{ aggregated_output: "a\n", exit_code: 2, status: "failed" },
    },
  ],
  [
    {
      ...{ type: "commandExecution", command: "ls", status: "declined" },
      ...{ aggregatedOutput: null, exitCode: null },
    },
    {
      ...{ type: "command_execution", ...COMMAND },
      ...{ exit_code: null, status: "declined" },
    },
  ],
  // Without its fields.
  [
    { type: "commandExecution" },
    {
      ...{ type: "command_execution", ...COMMAND, command: "" },
      ...{ exit_code: null, status: "unknown" },
    },
  ],
  [
    {
      type: "fileChange",
      status: "inProgress",
      changes: [
        { path: "/a", kind: { type: "add" }, diff: "one\ntwo\n" },
        { path: "/b", kind: { type: "update", move_path: null } },
      ],
    },
    {
      type: "file_change",
      status: "in_progress",
      changes: [
        { path: "/a", kind: "add", added: 2, removed: 0 },
        { path: "/b", kind: "update" },
      ],
    },
  ],
  [
    {
      ...{ type: "mcpToolCall", ...CALL, durationMs: null },
      ...{ error: { message: "no" }, status: "failed" },
    },
    {
      ...{ type: "mcp_tool_call", ...CALL },
      ...{ error: { message: "no" }, status: "failed" },
    },
  ],
  // With what was done as the SDK's engine tells it.
  [
    { type: "webSearch", query: "q", action: SEARCH },
    { type: "web_search", query: "q", action: SEARCH },
  ],
  [
    { type: "imageView", path: "/p.png" },
    { type: "image_view", path: "/p.png" },
  ],
  [
    { type: "exitedReviewMode", review: "fine" },
    { type: "exited_review_mode", review: "fine" },
  ],
  // A type of tomorrow.
  [
    { type: "hologramBeam", beam: { x: 1 } },
    { type: "hologram_beam", beam: { x: 1 } },
  ],
];

Deno.test("Row C20: every item in our words", async (t) => {
  for (const [wire, ours] of CASES) {
    await t.step(JSON.stringify(wire), () => {
      assertEquals<unknown>(toItem({ id: "1", ...wire }), { id: "1", ...ours });
    });
  }
});

Deno.test("review A20: a status that is not known is kept as it came", () => {
  const item = toItem({
    id: "c",
    type: "commandExecution",
    status: "timedOut",
  });
  assertEquals("status" in item && item.status, "timed_out");
});
