/**
 * Tool calls in the style that a request offers: models such as gpt-5.5 get plain functions, others one custom tool
 * `exec` that runs JavaScript and reaches the same tools as `tools.NAME(…)`.
 */

import {
  type Json,
  type ModelRequest,
  offeredTools,
  type ToolOutput,
} from "./model_request.ts";
import type { SseStep } from "./play.ts";
import { freshId, itemAdded, itemDone } from "./sse.ts";

/** How long a call may take before codex hands back a session to ask again, in milliseconds. */
const YIELD_MS = 30_000;

/** A call of the shell tool; `escalate` asks to run it outside the sandbox, which needs an approval. */
export function commandCall(
  request: ModelRequest,
  cmd: string,
  { escalate = false, yieldMs = YIELD_MS } = {},
): SseStep[] {
  const args = {
    cmd,
    login: false,
    yield_time_ms: yieldMs,
    ...(escalate
      ? {
        sandbox_permissions: "require_escalated",
        justification: `May I run ${cmd}?`,
      }
      : {}),
  };
  if (!offers(request, "exec")) return functionCall("exec_command", args);
  return script(`
const first = await tools.exec_command(${JSON.stringify(args)});
let output = first.output;
let session = first.session_id;
while (session !== undefined) {
  const next = await tools.write_stdin({ session_id: session, yield_time_ms: 60000 });
  output += next.output;
  session = next.session_id;
}
text(output);`);
}

/** A call of apply_patch with a whole patch. */
export function patchCall(request: ModelRequest, patch: string): SseStep[] {
  return offers(request, "exec")
    ? script(`text(await tools.apply_patch(${JSON.stringify(patch)}));`)
    : customCall("apply_patch", patch);
}

/** A call of a tool that takes a JSON object and is named alike in both styles, such as update_plan. */
export function objectCall(
  request: ModelRequest,
  name: string,
  args: Json,
): SseStep[] {
  const direct = offers(request, name);
  return !direct && offers(request, "exec")
    ? script(`text(await tools.${name}(${JSON.stringify(args)}));`)
    : functionCall(name, args);
}

/**
 * The call that asks on for a command which was still running when codex answered; undefined when `output` is final.
 */
export function continuation(output: ToolOutput): SseStep[] | undefined {
  const session = /^Process running with session ID (\d+)$/m.exec(
    output.output,
  );
  if (session !== null) {
    return functionCall("write_stdin", {
      session_id: Number(session[1]),
      yield_time_ms: 60_000,
    });
  }
  const cell = /^Script running with cell ID (\S+)$/m.exec(output.output);
  if (cell !== null) {
    return functionCall("wait", { cell_id: cell[1], yield_time_ms: 60_000 });
  }
}

/** What the command itself printed, without codex's heading. */
export function printed(output: ToolOutput): string {
  const heading = /^Output:\n?/m.exec(output.output);
  return heading === null
    ? output.output
    : output.output.slice(heading.index + heading[0].length);
}

function offers(request: ModelRequest, name: string): boolean {
  return offeredTools(request).some((tool) => tool.name === name);
}

function script(source: string): SseStep[] {
  const pragma = JSON.stringify({ yield_time_ms: YIELD_MS });
  return customCall("exec", `// @exec: ${pragma}\n${source.trim()}\n`);
}

/** A call of a plain function, or of one in a namespace. */
export function functionCall(
  name: string,
  args: Json,
  namespace?: string,
): SseStep[] {
  const call = {
    type: "function_call",
    id: freshId("fc"),
    name,
    ...(namespace ? { namespace } : {}),
  };
  const call_id = freshId("call");
  return [
    itemAdded({ ...call, call_id, arguments: "" }),
    itemDone({ ...call, call_id, arguments: JSON.stringify(args) }),
  ];
}

function customCall(name: string, input: string): SseStep[] {
  const call = { type: "custom_tool_call", id: freshId("ctc"), name };
  const call_id = freshId("call");
  return [
    itemAdded({ ...call, call_id, input: "" }),
    itemDone({ ...call, call_id, input }),
  ];
}
