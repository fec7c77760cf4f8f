/** What a named scenario is. */

import type { ModelRequest } from "../model_request.ts";
import type { Parameters } from "../parameters.ts";
import type { HttpAnswer, SseStep } from "../play.ts";

/** A play that takes parameters from the prompt; see `Play` for `turnRequests`. */
export type Scenario = (
  request: ModelRequest,
  parameters: Parameters,
  turnRequests: number,
) => AsyncIterable<SseStep> | HttpAnswer;
