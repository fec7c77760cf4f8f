/** Scenarios in which the service fails. With `times=N` the first N requests of a turn fail and the next is echoed. */

import type { ModelRequest } from "../model_request.ts";
import type { Parameters } from "../parameters.ts";
import { CUT, HANG, type HttpAnswer, type SseStep } from "../play.ts";
import { created, failed, unfinishedMessage } from "../sse.ts";
import type { Scenario } from "./scenario.ts";
import { echo, words } from "./text.ts";

/** `fault` for the first `times=` requests of a turn, every one when it is not given; then the echo. */
function untilTimes(fault: Scenario): Scenario {
  return (request, parameters, turnRequests) =>
    turnRequests > parameters.number("times", Infinity)
      ? echo(request)
      : fault(request, parameters, turnRequests);
}

function httpError(status: number, type: string, message: string): HttpAnswer {
  return {
    answer: "http",
    status,
    body: { error: { type, code: type, message, param: null } },
  };
}

/** ChatGPT's answer once a plan's limit is used up; it resets in `resets=` seconds. */
function usageLimit(_request: ModelRequest, parameters: Parameters) {
  const seconds = parameters.number("resets", 3600);
  return {
    answer: "http" as const,
    status: 429,
    body: {
      error: {
        type: "usage_limit_reached",
        message: "The usage limit has been reached",
        plan_type: "pro",
        resets_at: Math.floor(Date.now() / 1000) + seconds,
        resets_in_seconds: seconds,
      },
    },
  };
}

/** A stream of its first `words=` words, then `steps`. */
async function* broken(
  parameters: Parameters,
  fallback: number,
  steps: SseStep[],
): AsyncGenerator<SseStep> {
  yield created();
  const count = parameters.number("words", fallback);
  if (count > 0) {
    yield* unfinishedMessage(words("lost ".repeat(count).trimEnd()));
  }
  yield* steps;
}

/** The scenarios of this file by name. */
export const faultScenarios: Record<string, Scenario> = {
  status400: untilTimes(() =>
    httpError(400, "invalid_request_error", "The loopback model says 400")
  ),
  status401: untilTimes(() =>
    httpError(401, "invalid_token", "The loopback model says 401")
  ),
  status429: untilTimes(() =>
    httpError(429, "rate_limit_exceeded", "The loopback model says 429")
  ),
  status500: untilTimes(() =>
    httpError(500, "server_error", "The loopback model says 500")
  ),
  usage_limit: untilTimes(usageLimit),
  context_full: untilTimes((_request, parameters) =>
    broken(parameters, 0, [
      failed(
        "context_length_exceeded",
        "Your input exceeds the context window of this model.",
      ),
    ])
  ),
  failed: untilTimes((_request, parameters) =>
    broken(parameters, 2, [
      failed("server_error", "The loopback model failed"),
    ])
  ),
  /** Breaks off after `words=` words; `how=eof` ends the body in good order, but before response.completed. */
  cut: untilTimes((_request, parameters) =>
    broken(parameters, 3, parameters.text("how", "cut") === "eof" ? [] : [CUT])
  ),
  /** Hangs after `words=` words (0). */
  hang: untilTimes((_request, parameters) => broken(parameters, 0, [HANG])),
  silent: untilTimes(() => ({ answer: "silent" })),
};
