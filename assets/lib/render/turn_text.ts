/**
 * out.txt: events as lines that a person reads. Agent text stands as it is; everything
 * else is one line with a tag, e.g. `[command] ls → exit 0`. Pure: the writer keeps the
 * state between events.
 */
import { oneLine, oneLinePiece } from "./one_line.ts";
import { requestLine } from "./request_line.ts";
import {
  isThreadEvent,
  type StoredEvent,
  type ThreadItem,
  type Usage,
} from "../events/thread_event.ts";

/** What the text so far ended with. */
export interface TextState {
  /** The turn, for the commands that answer its requests. */
  turnId: string;
  /** What each item under way is, as far as it has been told: its deltas do not say. */
  kinds: ReadonlyMap<string, string>;
  /** The item whose deltas stand at the end, unfinished. */
  streaming: string | null;
  /** Items under way of which deltas were written. */
  streamed: ReadonlySet<string>;
  /** The text ends with a newline, or is empty. */
  atLineStart: boolean;
  /** Plan steps already told, as `text done`. */
  plan: ReadonlySet<string>;
}

/** The state before anything has been written. */
export const newText = (turnId: string): TextState => ({
  turnId,
  kinds: new Map(),
  streaming: null,
  streamed: new Set(),
  atLineStart: true,
  plan: new Set(),
});

/** What a piece of text adds, and the state after it. */
export type Rendered = [state: TextState, text: string];

/** The text that `event` adds to out.txt. */
export function renderEvent(state: TextState, event: StoredEvent): Rendered {
  if (!isThreadEvent(event)) return [state, ""];
  switch (event.type) {
    case "item.delta":
      return renderDelta(state, event.item_id, event.delta);
    case "item.started":
    case "item.updated": {
      const { item } = event;
      const kinds = state.kinds.get(item.id) === item.type
        ? state.kinds
        : new Map(state.kinds).set(item.id, item.type);
      if (item.type === "todo_list") {
        return renderPlan({ ...state, kinds }, item.items);
      }
      return [{ ...state, kinds }, ""];
    }
    case "item.dropped":
      return state.streamed.has(event.item_id)
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
    case "item.completed": {
      const [next, text] = renderItem(state, event.item);
      return [forget(next, event.item.id), text];
    }
    case "turn.completed":
      return addLine(state, usageLine(event.usage));
    case "turn.failed":
      return addLine(state, `[failed] ${oneLine(event.error.message)}`);
    case "error":
      // An error that is not tried again comes once more as the turn's failure.
      return event.message.startsWith("Reconnecting")
        ? addLine(state, `[retry] ${oneLine(event.message)}`)
        : [state, ""];
    default:
      return [state, ""];
  }
}

/** An item that is over says nothing more: what is kept of a turn does not grow with it. */
function forget(state: TextState, itemId: string): TextState {
  if (!state.kinds.has(itemId) && !state.streamed.has(itemId)) return state;
  const kinds = new Map(state.kinds);
  const streamed = new Set(state.streamed);
  kinds.delete(itemId);
  streamed.delete(itemId);
  return { ...state, kinds, streamed };
}

/** A line of the worker's own, e.g. why it stopped the turn. */
export const renderNote = (
  state: TextState,
  tag: string,
  text: string,
): Rendered => addLine(state, `[${tag}] ${oneLine(text)}`);

function renderDelta(
  state: TextState,
  itemId: string,
  delta: string,
): Rendered {
  const kind = state.kinds.get(itemId) ?? "agent_message";
  if (delta === "") return [state, ""];
  if (kind !== "agent_message" && kind !== "reasoning") return [state, ""];
  const goesOn = state.streaming === itemId;
  const [before, separator] = goesOn ? [state, ""] : endLine(state);
  // A reasoning summary is one tagged line, whatever paragraphs it has.
  const text = kind === "reasoning"
    ? `${goesOn ? "" : "[reasoning] "}${oneLinePiece(delta)}`
    : delta;
  const whole = separator + text;
  return [{
    ...before,
    streaming: itemId,
    streamed: before.streamed.has(itemId)
      ? before.streamed
      : new Set([...before.streamed, itemId]),
    atLineStart: text === "" ? before.atLineStart : text.endsWith("\n"),
  }, whole];
}

function renderItem(state: TextState, item: ThreadItem): Rendered {
  switch (item.type) {
    case "agent_message":
      // What was streamed stands there already; only the line has to end.
      return state.streamed.has(item.id)
        ? endLine(state)
        : addBlock(state, item.text);
    case "reasoning":
      if (state.streamed.has(item.id)) return endLine(state);
      return item.text === ""
        ? [state, ""]
        : addLine(state, `[reasoning] ${oneLine(item.text)}`);
    case "command_execution":
      return addLine(
        state,
        `[command] ${oneLine(item.command)} → ${commandEnd(item)}`,
      );
    case "file_change": {
      const changes = item.changes.map(({ kind, path }) =>
        `${kind} ${oneLine(path)}`
      ).join(", ");
      return addLine(
        state,
        `[files] ${changes}${
          item.status === "completed" ? "" : ` (${item.status})`
        }`,
      );
    }
    case "mcp_tool_call":
      return addLine(
        state,
        `[tool] ${oneLine(`${item.server}.${item.tool}`)} → ` +
          oneLine(item.error ? `failed: ${item.error.message}` : item.status),
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

const commandEnd = (
  item: Extract<ThreadItem, { type: "command_execution" }>,
): string =>
  typeof item.exit_code === "number" ? `exit ${item.exit_code}` : item.status;

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

/** The closing line of a turn that completed. */
const usageLine = (usage: Usage | null): string =>
  usage
    ? `[done] ${count(usage.input_tokens)} tokens in ` +
      `(${count(usage.cached_input_tokens)} cached), ${
        count(usage.output_tokens)
      } out`
    : "[done]";

/** What codex does not count is not known. */
const count = (tokens: unknown): string =>
  typeof tokens === "number" ? String(tokens) : "?";

const endLine = (state: TextState): Rendered => [
  { ...state, streaming: null, atLineStart: true },
  state.atLineStart ? "" : "\n",
];

function addLine(state: TextState, line: string): Rendered {
  const [ended, text] = endLine(state);
  return [ended, `${text}${line}\n`];
}

function addBlock(state: TextState, block: string): Rendered {
  const [ended, text] = endLine(state);
  return [ended, `${text}${block}${block.endsWith("\n") ? "" : "\n"}`];
}
