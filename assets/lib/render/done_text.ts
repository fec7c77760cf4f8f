/** The closing line of a turn that completed: `12 s, 2403 tokens in (1920 cached), 5 out`. Pure. */
import type { ThreadEvent, Usage } from "../events/thread_event.ts";
import { took } from "./took.ts";

/**
 * How long a turn took and what it used, for its closing line.
 * @param quota how much of the account's quota is used, in percent
 */
export const doneText = (
  { usage, duration_ms }: Extract<ThreadEvent, { type: "turn.completed" }>,
  quota: number | null,
): string =>
  [
    ...(typeof duration_ms === "number" ? [took(duration_ms)] : []),
    ...(usage ? [usageText(usage)] : []),
    ...(quota === null ? [] : [`${Math.round(quota)} % of the quota used`]),
  ].join(", ");

const usageText = (usage: Usage): string =>
  `${count(usage.input_tokens)} tokens in (${
    count(usage.cached_input_tokens)
  } cached), ${count(usage.output_tokens)} out`;

/** A missing count is unknown. */
const count = (tokens: unknown): string =>
  typeof tokens === "number" ? String(tokens) : "?";
