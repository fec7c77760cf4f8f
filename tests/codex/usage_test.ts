import { assertEquals } from "@std/assert";
import {
  addUsage,
  NO_USAGE,
  rateLimits,
} from "../../assets/lib/codex/usage.ts";

const told = (n: number) => ({
  last: {
    totalTokens: 15 * n,
    inputTokens: 10 * n,
    cachedInputTokens: 4 * n,
    cacheWriteInputTokens: 2 * n,
    outputTokens: 5 * n,
    reasoningOutputTokens: n,
  },
});

Deno.test("Row C13: the usage of a turn is the sum of its requests, under the SDK's names", () => {
  const sum = [told(1), told(2)].reduce(addUsage, NO_USAGE);
  assertEquals(sum as unknown, {
    input_tokens: 30,
    cached_input_tokens: 12,
    cache_write_input_tokens: 6,
    output_tokens: 15,
    reasoning_output_tokens: 3,
  });
  assertEquals(NO_USAGE.input_tokens, 0);
});

Deno.test("windows of the quota say when they reset; one that is not told is null", () => {
  const window = { usedPercent: 12, windowDurationMins: 300, resetsAt: 1e9 };
  assertEquals(rateLimits({ primary: window, secondary: null }), {
    type: "rate_limits",
    primary: {
      used_percent: 12,
      window_minutes: 300,
      resets_at: "2001-09-09T01:46:40.000Z",
    },
    secondary: null,
  });
  const bare = { usedPercent: 1, windowDurationMins: null, resetsAt: null };
  assertEquals(rateLimits({ primary: bare }), {
    type: "rate_limits",
    primary: { used_percent: 1, window_minutes: null, resets_at: null },
    secondary: null,
  });
});
