/**
 * What a turn leaves unfinished: sub-agents that still work and a goal that is not reached.
 * Codex reports both during the turn, but neither at its end. Pure.
 */
import type { ThreadEvent } from "../events/thread_event.ts";
import type { Notification } from "./rpc.ts";

/** What was reported so far. */
export interface Unfinished {
  /** Sub-agents of the turn by their thread's id: a name for people. */
  agents: ReadonlyMap<string, string>;
  /** Threads other than the turn's own whose last turn is over. */
  idle: ReadonlySet<string>;
  goal: { objective: string; status: string } | null;
}

/** Before any report. */
export const NOTHING_UNFINISHED: Unfinished = {
  agents: new Map(),
  idle: new Set(),
  goal: null,
};

/** The state after a notification, of any thread. */
export function noteUnfinished(
  state: Unfinished,
  threadId: string,
  { method, params }: Notification,
): Unfinished {
  const of = params.threadId;
  const own = of === threadId;
  if (typeof of !== "string" || !(own || state.agents.has(of))) {
    return idleAfter(state, method, of);
  }
  switch (method) {
    case "item/started":
    case "item/completed":
      return withAgents(state, params.item);
    case "thread/goal/updated":
      return own ? { ...state, goal: goalOf(params.goal) } : state;
    case "thread/goal/cleared":
      return own ? { ...state, goal: null } : state;
    default:
      return own ? state : idleAfter(state, method, of);
  }
}

/** A sub-agent works from its start, or from a further message, to the end of its turn. */
function idleAfter(
  state: Unfinished,
  method: string,
  threadId: unknown,
): Unfinished {
  if (typeof threadId !== "string") return state;
  if (method !== "turn/started" && method !== "turn/completed") return state;
  const idle = new Set(state.idle);
  if (method === "turn/completed") idle.add(threadId);
  else idle.delete(threadId);
  return { ...state, idle };
}

/** Items that name sub-agents: an activity of one, or a call of the older tools. */
function withAgents(state: Unfinished, item: unknown): Unfinished {
  const { type, agentThreadId, agentPath, receiverThreadIds } =
    (item ?? {}) as Record<string, unknown>;
  const agents = new Map(state.agents);
  if (type === "subAgentActivity" && typeof agentThreadId === "string") {
    agents.set(agentThreadId, String(agentPath ?? agentThreadId));
  } else if (
    type === "collabAgentToolCall" && Array.isArray(receiverThreadIds)
  ) {
    for (const id of receiverThreadIds) {
      if (!agents.has(id)) agents.set(String(id), String(id));
    }
  }
  return agents.size === state.agents.size ? state : { ...state, agents };
}

function goalOf(goal: unknown): Unfinished["goal"] {
  const { objective, status } = (goal ?? {}) as Record<string, unknown>;
  return typeof objective === "string" && typeof status === "string"
    ? { objective, status }
    : null;
}

/** The event that says what is left when the turn ends; none where nothing is. */
export function unfinishedEvents(
  { agents, idle, goal }: Unfinished,
): ThreadEvent[] {
  const working = [...agents].filter(([id]) => !idle.has(id))
    .map(([thread_id, name]) => ({ thread_id, name }));
  const open = goal !== null && goal.status !== "complete" ? goal : null;
  return working.length === 0 && open === null
    ? []
    : [{ type: "turn.unfinished", agents: working, goal: open }];
}
