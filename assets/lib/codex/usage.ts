/** Tokens and quota, as the app-server and as events report them. */
import type { RateLimit, StoredEvent, Usage } from "../events/thread_event.ts";
import type { RateLimitWindow, TokenUsageBreakdown } from "./wire.ts";

/** Nothing used yet. */
export const NO_USAGE: Usage = {
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_input_tokens: 0,
  output_tokens: 0,
  reasoning_output_tokens: 0,
};

/**
 * The tokens after one more request to the model. `thread/tokenUsage/updated` reports
 * those of the latest request as `last`; their sum is the turn's, `total` the thread's.
 */
export const addUsage = (
  usage: Usage,
  { last }: { last: TokenUsageBreakdown },
): Usage => ({
  input_tokens: usage.input_tokens + last.inputTokens,
  cached_input_tokens: usage.cached_input_tokens + last.cachedInputTokens,
  cache_write_input_tokens: (usage.cache_write_input_tokens ?? 0) +
    (last.cacheWriteInputTokens ?? 0),
  output_tokens: usage.output_tokens + last.outputTokens,
  reasoning_output_tokens: (usage.reasoning_output_tokens ?? 0) +
    last.reasoningOutputTokens,
});

/** `account/rateLimits/updated` as an event. */
export const rateLimits = (
  { primary, secondary }: Record<string, RateLimitWindow | null>,
): StoredEvent => ({
  type: "rate_limits",
  primary: windowOf(primary),
  secondary: windowOf(secondary),
});

const windowOf = (
  window: RateLimitWindow | null | undefined,
): RateLimit | null =>
  window
    ? {
      used_percent: window.usedPercent,
      window_minutes: window.windowDurationMins,
      resets_at: window.resetsAt === null
        ? null
        : new Date(window.resetsAt * 1000).toISOString(),
    }
    : null;
