/**
 * App-server notifications as events of our vocabulary. Pure: a state goes in with each
 * notification, a state and events come out.
 */
import type { StoredEvent, Usage } from "../events/thread_event.ts";
import { toItem } from "./items.ts";
import { planEvent, type Step, stepsOf, type WireStep } from "./plan.ts";
import type { Notification } from "./rpc.ts";
import { errorMessage, lastEvent } from "./turn_error.ts";
import {
  noteUnfinished,
  NOTHING_UNFINISHED,
  type Unfinished,
  unfinishedEvents,
} from "./unfinished.ts";
import { addUsage, NO_USAGE, rateLimits } from "./usage.ts";
import type {
  RateLimitWindow,
  TokenUsageBreakdown,
  TurnError,
  WireItem,
  WireTurn,
} from "./wire.ts";

/** What has to be remembered between notifications. */
export interface TranslationState {
  threadId: string;
  /** Tokens of the turn so far: each model request reports its own. Null before any. */
  usage: Usage | null;
  /** Items that have started and not completed, by id: their type. */
  open: ReadonlyMap<string, string>;
  /** The latest plan; the protocol has no item for it. */
  plan: Step[] | null;
  /** The unified diff of the turn so far. */
  diff: string;
  /** How many warnings codex has given. */
  warnings: number;
  /** Sub-agents and the goal, as far as they were reported. */
  unfinished: Unfinished;
}

/** The state before the first notification of a thread. */
export const newTranslation = (threadId: string): TranslationState => ({
  threadId,
  usage: null,
  open: new Map(),
  plan: null,
  diff: "",
  warnings: 0,
  unfinished: NOTHING_UNFINISHED,
});

/** The state after a notification, and its events. */
export type Translated = [state: TranslationState, events: StoredEvent[]];

/** Notifications whose content another event reports better. */
const SILENT = new Set([
  "thread/started",
  "thread/status/changed",
  "thread/settings/updated",
  "thread/readState/changed",
  "mcpServer/startupStatus/updated",
  "item/fileChange/patchUpdated",
  "item/fileChange/outputDelta",
  "item/reasoning/textDelta",
  "serverRequest/resolved",
  "rawResponse/completed",
]);

/**
 * The events for a notification. One of another thread gives none; one of this thread
 * that has no event of ours, or an unknown shape, is kept as it came: a newer codex might
 * have new ones. Never throws.
 */
export function translate(
  state: TranslationState,
  notification: Notification,
): Translated {
  try {
    const unfinished = noteUnfinished(
      state.unfinished,
      state.threadId,
      notification,
    );
    return known({ ...state, unfinished }, notification);
  } catch {
    return [state, [asItCame(notification)]];
  }
}

const asItCame = ({ method, params }: Notification): StoredEvent => ({
  type: "notification",
  method,
  params,
});

function known(state: TranslationState, told: Notification): Translated {
  const { method, params, params: { threadId } } = told;
  if (typeof threadId === "string" && threadId !== state.threadId) {
    return [state, []];
  }
  switch (method) {
    case "turn/started":
      // First a resumed thread reports its last turn's usage.
      return [{ ...state, usage: null }, [{ type: "turn.started" }]];
    case "item/started":
      return itemStarted(state, params.item as WireItem);
    case "item/completed":
      return itemCompleted(state, params.item as WireItem);
    case "item/agentMessage/delta":
      return [state, [delta("agent_message", params)]];
    case "item/reasoning/summaryTextDelta":
      return [state, [delta("reasoning", params)]];
    case "item/plan/delta":
      return [state, [delta("plan", params)]];
    case "item/commandExecution/outputDelta":
      return [state, [delta("command_execution", params)]];
    case "item/reasoning/summaryPartAdded":
      // The parts of a summary are paragraphs; the first needs no boundary.
      return [
        state,
        params.summaryIndex
          ? [delta("reasoning", { ...params, delta: "\n\n" })]
          : [],
      ];
    case "turn/plan/updated":
      return planUpdated(state, stepsOf(params.plan as WireStep[]));
    case "turn/diff/updated":
      return [{ ...state, diff: String(params.diff ?? "") }, []];
    case "thread/tokenUsage/updated":
      return [{
        ...state,
        usage: addUsage(
          state.usage ?? NO_USAGE,
          params.tokenUsage as { last: TokenUsageBreakdown },
        ),
      }, []];
    case "account/rateLimits/updated":
      return [state, [
        rateLimits(params.rateLimits as Record<string, RateLimitWindow | null>),
      ]];
    case "error":
      return errorTold(
        state,
        params.error as TurnError,
        params.willRetry === true,
      );
    case "turn/completed":
      return turnEnded(state, (params.turn ?? {}) as WireTurn);
    case "warning":
    case "guardianWarning":
      return warning(state, method, String(params.message));
    case "configWarning":
    case "deprecationNotice":
      return warning(
        state,
        method,
        [params.summary, params.details].filter(Boolean).join(" "),
      );
    case "model/rerouted":
      return warning(
        state,
        method,
        `The model ${params.fromModel} was replaced by ${params.toModel}`,
      );
    default:
      return [
        state,
        threadId && !SILENT.has(method) ? [asItCame(told)] : [],
      ];
  }
}

const delta = (
  kind: string,
  { itemId, delta }: Record<string, unknown>,
): StoredEvent => ({
  type: "item.delta",
  item_id: String(itemId),
  kind,
  delta: String(delta ?? ""),
});

/** Codex gives its warnings no ids; ours are the kind and a number. */
function warning(
  state: TranslationState,
  kind: string,
  message: string,
): Translated {
  const warnings = state.warnings + 1;
  const item = { id: `${kind}-${warnings}`, type: "error" as const, message };
  return [{ ...state, warnings }, [{ type: "item.completed", item }]];
}

/** An agent message that starts while another is open replaces it: that one was cut off. */
function itemStarted(state: TranslationState, item: WireItem): Translated {
  if (item.type === "userMessage") return [state, []]; // the prompt, known already
  const [kept, dropped] = item.type === "agentMessage"
    ? dropOpen(state, ["agentMessage"])
    : [state, []];
  const open = new Map(kept.open).set(item.id, item.type);
  return [{ ...kept, open }, [...dropped, {
    type: "item.started",
    item: toItem(item),
  }]];
}

function itemCompleted(state: TranslationState, item: WireItem): Translated {
  if (item.type === "userMessage") return [state, []];
  const open = new Map(state.open);
  open.delete(item.id);
  return [{ ...state, open }, [{ type: "item.completed", item: toItem(item) }]];
}

/** Drops the open items of these types: they will not be completed. */
function dropOpen(state: TranslationState, types: string[]): Translated {
  const open = new Map(state.open);
  const events: StoredEvent[] = [];
  for (const [id, type] of state.open) {
    if (!types.includes(type)) continue;
    open.delete(id);
    events.push({ type: "item.dropped", item_id: id });
  }
  return [{ ...state, open }, events];
}

const SPOKEN = ["agentMessage", "reasoning", "plan"];

function errorTold(
  state: TranslationState,
  error: TurnError,
  willRetry: boolean,
): Translated {
  const [kept, dropped] = willRetry ? dropOpen(state, SPOKEN) : [state, []];
  return [kept, [...dropped, { type: "error", message: errorMessage(error) }]];
}

function planUpdated(state: TranslationState, plan: Step[]): Translated {
  const type = state.plan === null ? "item.started" : "item.updated";
  return [{ ...state, plan }, [planEvent(type, plan)]];
}

function turnEnded(state: TranslationState, turn: WireTurn): Translated {
  const [kept, dropped] = dropOpen(state, SPOKEN);
  const plan = state.plan === null
    ? []
    : [planEvent("item.completed", state.plan)];
  const left = unfinishedEvents(kept.unfinished);
  return [kept, [...dropped, ...plan, ...left, lastEvent(kept.usage, turn)]];
}
