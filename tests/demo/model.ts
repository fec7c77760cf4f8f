/** What the demo's model does: it looks around with one command, then answers in its own time. */

import type { ModelRequest } from "../loopback/model_request.ts";
import type { SseStep } from "../loopback/play.ts";
import { words } from "../loopback/scenarios/text.ts";
import { message, reasoning, response } from "../loopback/sse.ts";
import { commandCall } from "../loopback/tools.ts";

/** The last message of the turn. */
export const ANSWER =
  "It holds one file, README.md. I am not a real model: a small server on this machine sent these words, " +
  "and everything between your prompt and them was the real codex.";

/** The command that the model asks codex to run. */
export const COMMAND = "ls";

/** Between two words of the answer, in ms. */
const PAUSE_MS = 40;

/** A first request gets the command, the one that brings its output the answer. */
export async function* play(request: ModelRequest): AsyncGenerator<SseStep> {
  if (request.toolOutputs.length > 0) {
    return yield* response(
      request,
      message(words(ANSWER), { pause: PAUSE_MS }),
    );
  }
  yield* response(
    request,
    (async function* () {
      yield* reasoning(["**Looking around** before answering"]);
      yield* message(["Let me see what is here."], { phase: "commentary" });
      yield* commandCall(request, COMMAND);
    })(),
  );
}
