/**
 * out.txt: events as lines that a person reads. Agent text is copied as is; everything
 * else is one line with a tag, e.g. `[command] ls → exit 0, 0.1 s`. A blank line
 * separates what the agent says from everything else. Pure: the writer keeps the state
 * between events.
 */
import { configurationWarning } from "../events/warning.ts";
import {
  isThreadEvent,
  type StoredEvent,
  type ThreadItem,
} from "../events/thread_event.ts";
import { changesText } from "./change_line.ts";
import { doneText } from "./done_text.ts";
import { commandText, REPEATED, toolText } from "./item_words.ts";
import { oneLine, oneLinePiece } from "./one_line.ts";
import { requestLine } from "./request_line.ts";
import {
  add,
  addLine,
  addWords,
  between,
  endLine,
  newText,
  type Rendered,
  type TextState,
} from "./text_state.ts";
import { unfinishedLines } from "./unfinished_lines.ts";

export { newText, type Rendered, type TextState };

/** The text that `event` adds to out.txt. */
export function renderEvent(state: TextState, event: StoredEvent): Rendered {
  if (!isThreadEvent(event)) return [state, ""];
  if (configurationWarning(event, state.begun) !== null) return [state, ""];
  switch (event.type) {
    case "turn.started":
      return [{ ...state, begun: true }, ""];
    case "rate_limits":
      return [{ ...state, quota: usedOf(event) }, ""];
    case "item.delta":
      return renderDelta(state, event.item_id, event.delta);
    case "item.started":
    case "item.updated":
      return renderBegun(state, event.item);
    case "item.dropped":
      return state.written.has(event.item_id)
        ? addLine(
          forget(state, event.item_id),
          "[dropped] what was said last was cut off and does not count",
        )
        : [forget(state, event.item_id), ""];
    case "request.opened":
      return addLine(
        state,
        `[approval] ${requestLine(state.turnId, event.request)}`,
      );
    case "request.resolved":
      return addLine(
        state,
        `[approval] ${event.request_id}: ${oneLine(event.outcome)}`,
      );
    case "turn.steered":
      return addLine(state, `[steer] ${oneLine(event.text)}`);
    case "turn.steer_refused":
      return addLine(
        state,
        `[steer] not taken (${oneLine(event.reason)}): ${oneLine(event.text)}`,
      );
    case "item.completed": {
      const [next, text] = renderItem(state, event.item);
      return [forget(next, event.item.id), text];
    }
    case "turn.unfinished":
      return unfinishedLines(event).reduce<Rendered>(
        ([before, text], line) => {
          const [after, more] = addLine(before, line);
          return [after, text + more];
        },
        [state, ""],
      );
    case "turn.completed":
      return addLine(state, `[done] ${doneText(event, state.quota)}`.trimEnd());
    case "turn.failed":
      return addLine(state, `[failed] ${oneLine(event.error.message)}`);
    case "error":
      // An error that is not retried is repeated as the turn's failure.
      return event.message.startsWith("Reconnecting")
        ? addLine(state, `[retry] ${oneLine(event.message)}`)
        : [state, ""];
    default:
      return [state, ""];
  }
}

/** The highest use of the account's windows. */
function usedOf(
  { primary, secondary }: Extract<StoredEvent, { type: "rate_limits" }>,
): number | null {
  const used = [primary?.used_percent, secondary?.used_percent]
    .filter((percent) => typeof percent === "number");
  return used.length > 0 ? Math.max(...used) : null;
}

/** A finished item reports nothing more; forgetting it keeps the state small. */
function forget(state: TextState, itemId: string): TextState {
  if (!state.kinds.has(itemId) && !state.written.has(itemId)) return state;
  const kinds = new Map(state.kinds);
  const written = new Set(state.written);
  kinds.delete(itemId);
  written.delete(itemId);
  return { ...state, kinds, written };
}

const wrote = (state: TextState, itemId: string): TextState =>
  state.written.has(itemId)
    ? state
    : { ...state, written: new Set([...state.written, itemId]) };

/** A line of the worker's own, e.g. why it stopped the turn. */
export const renderNote = (
  state: TextState,
  tag: string,
  text: string,
): Rendered => addLine(state, `[${tag}] ${oneLine(text)}`);

/** Long-running items get a line when they begin. */
function renderBegun(state: TextState, item: ThreadItem): Rendered {
  const known = state.kinds.get(item.id) === item.type ? state : {
    ...state,
    kinds: new Map(state.kinds).set(item.id, item.type),
  };
  if (item.type === "todo_list") return renderPlan(known, item.items);
  const line = item.type === "command_execution"
    ? `[command] ${commandText(item, false)}`
    : item.type === "mcp_tool_call"
    ? `[tool] ${toolText(item, false)}`
    : null;
  if (line === null || known.written.has(item.id)) return [known, ""];
  return addLine(wrote(known, item.id), line);
}

function renderDelta(
  state: TextState,
  itemId: string,
  delta: string,
): Rendered {
  const kind = state.kinds.get(itemId) ?? "agent_message";
  if (delta === "") return [state, ""];
  if (kind !== "agent_message" && kind !== "reasoning") return [state, ""];
  const goesOn = state.streaming === itemId;
  // A reasoning summary is one tagged line, whatever paragraphs it has.
  const [next, text] = kind === "reasoning"
    ? add(
      state,
      goesOn ? "" : between(state, "line"),
      `${goesOn ? "" : "[reasoning] "}${oneLinePiece(delta)}`,
      "line",
    )
    : add(state, goesOn ? "" : between(state, "words"), delta, "words");
  return [{ ...wrote(next, itemId), streaming: itemId }, text];
}

function renderItem(state: TextState, item: ThreadItem): Rendered {
  const written = state.written.has(item.id);
  switch (item.type) {
    case "agent_message":
      // Streamed text is there already; only the line must end.
      return written ? endLine(state) : addWords(state, item.text);
    case "reasoning":
      if (written) return endLine(state);
      return item.text === ""
        ? [state, ""]
        : addLine(state, `[reasoning] ${oneLine(item.text)}`);
    case "command_execution":
      return addLine(
        state,
        `[command] ${commandText(item, true, written ? REPEATED : Infinity)}`,
      );
    case "mcp_tool_call":
      return addLine(state, `[tool] ${toolText(item, true)}`);
    case "file_change":
      return addLine(
        state,
        `[files] ${changesText(item.changes, state.cwd)}${
          item.status === "completed" ? "" : ` (${item.status})`
        }`,
      );
    case "web_search":
      return addLine(state, `[search] ${oneLine(item.query)}`);
    case "todo_list":
      return renderPlan(state, item.items);
    case "error":
      return addLine(state, `[warning] ${oneLine(item.message)}`);
    default:
      return [state, ""];
  }
}

/** One line for every step that is new or changed. */
function renderPlan(
  state: TextState,
  steps: { text: string; completed: boolean }[],
): Rendered {
  const told = new Set(state.plan);
  const lines: string[] = [];
  for (const { text, completed } of steps) {
    const line = `[plan] ${completed ? "✓" : "○"} ${oneLine(text)}`;
    if (!told.has(line)) lines.push(line);
    told.add(line);
  }
  if (lines.length === 0) return [state, ""];
  return addLine({ ...state, plan: told }, lines.join("\n"));
}
