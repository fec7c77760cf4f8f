/** Scenarios in which the model uses tools: one request per call, then one for the last message. */

import type { Json, ModelRequest } from "../model_request.ts";
import type { Parameters } from "../parameters.ts";
import { HANG, send, type SseStep } from "../play.ts";
import {
  created,
  freshId,
  itemAdded,
  itemDone,
  message,
  response,
} from "../sse.ts";
import {
  commandCall,
  continuation,
  functionCall,
  objectCall,
  patchCall,
  printed,
} from "../tools.ts";
import type { Scenario } from "./scenario.ts";
import { words } from "./text.ts";

/** Plays `call` first; once its output is there, the message made of what it printed. */
async function* callThenSay(
  request: ModelRequest,
  call: () => AsyncIterable<SseStep> | SseStep[],
  say: (printed: string) => string,
): AsyncGenerator<SseStep> {
  const last = request.toolOutputs.at(-1);
  if (last === undefined) return yield* response(request, call());
  const more = continuation(last);
  if (more !== undefined) return yield* response(request, more);
  const all = request.toolOutputs.map(printed).join("");
  yield* response(request, message(words(say(all))));
}

/** Runs `cmd=`; `escalate=1` asks for a run outside the sandbox. */
function command(request: ModelRequest, parameters: Parameters) {
  const cmd = parameters.text("cmd", "echo from-codex");
  const escalate = parameters.has("escalate");
  return callThenSay(
    request,
    () => commandCall(request, cmd, { escalate }),
    (output) => `The command printed:\n${output}`,
  );
}

/** Runs `sleep` for `seconds=`, gets a session back after a second, and then says nothing more. */
function background(request: ModelRequest, parameters: Parameters) {
  if (request.toolOutputs.length === 0) {
    const cmd = `sleep ${parameters.number("seconds", 30)}`;
    return response(request, commandCall(request, cmd, { yieldMs: 1000 }));
  }
  return (async function* () {
    yield created();
    yield HANG;
  })();
}

/** Has a sub-agent speak for `over=` ms; with `wait=` it is waited for. Wants `features.multi_agent_v2`. */
function agents(request: ModelRequest, parameters: Parameters) {
  const calls: [name: string, args: Json][] = [["spawn_agent", {
    task_name: "helper",
    message: `play text words=30 over=${parameters.number("over", 8000)}`,
    fork_turns: "none",
  }]];
  if (parameters.has("wait")) {
    calls.push(["wait_agent", { timeout_ms: 60_000 }]);
  }
  const next = calls[request.toolOutputs.length];
  return response(
    request,
    next
      ? functionCall(next[0], next[1], "collaboration")
      : message(words("The agents have worked.")),
  );
}

/** Runs `sleep` for `seconds=`. */
function sleep(request: ModelRequest, parameters: Parameters) {
  const cmd = `sleep ${parameters.number("seconds", 30)}`;
  return callThenSay(
    request,
    () => commandCall(request, cmd),
    () => `Slept with ${cmd}.`,
  );
}

/** Adds the file `name=` with the one line `text=`. */
function patch(request: ModelRequest, parameters: Parameters) {
  const name = parameters.text("name", "hello.txt");
  const added = parameters.text("text", "hello from the patch").split("\n");
  return callThenSay(
    request,
    () =>
      patchCall(
        request,
        [
          "*** Begin Patch",
          `*** Add File: ${name}`,
          ...added.map((line) => `+${line}`),
          "*** End Patch",
          "",
        ].join("\n"),
      ),
    (output) => `The patch answered:\n${output}`,
  );
}

/** Publishes a plan of three steps and then completes it. */
function plan(request: ModelRequest, _parameters: Parameters) {
  const steps = (...states: string[]) => ({
    plan: states.map((status, index) => ({
      step: `Step ${index + 1}`,
      status,
    })),
  });
  const done = request.toolOutputs.length;
  if (done === 1) {
    return response(
      request,
      objectCall(
        request,
        "update_plan",
        steps("completed", "completed", "completed"),
      ),
    );
  }
  return callThenSay(
    request,
    () =>
      objectCall(
        request,
        "update_plan",
        steps("completed", "in_progress", "pending"),
      ),
    () => "The plan is done.",
  );
}

/** A web search for `query=` that the service itself runs, then a message in the same response. */
function search(request: ModelRequest, parameters: Parameters) {
  const query = parameters.text("query", "loopback model");
  const call = { type: "web_search_call", id: freshId("ws") };
  const action = { type: "search", query, queries: [query] };
  const events: SseStep[] = [
    itemAdded({ ...call, status: "in_progress" }),
    send({ type: "response.web_search_call.searching", item_id: call.id }),
    itemDone({ ...call, status: "completed", action }),
  ];
  return response(
    request,
    (async function* () {
      yield* events;
      yield* message(words(`Searched for ${query}.`));
    })(),
  );
}

/** A commentary message and a command in one response, then the final message. */
function twoMessages(request: ModelRequest, parameters: Parameters) {
  const cmd = parameters.text("cmd", "echo from-codex");
  return callThenSay(
    request,
    async function* () {
      yield* message(words("First I look around."), { phase: "commentary" });
      yield* commandCall(request, cmd);
    },
    (output) => `Then I am done:\n${output}`,
  );
}

/** Asks the user one question with two options. */
function ask(request: ModelRequest, parameters: Parameters) {
  const question = parameters.text("question", "Which colour?");
  const option = (label: string) => ({ label, description: `Take ${label}` });
  return callThenSay(
    request,
    () =>
      objectCall(request, "request_user_input", {
        questions: [{
          id: "colour",
          header: "Colour",
          question,
          options: [option("Red"), option("Blue")],
        }],
      }),
    (output) => `The answer was:\n${output}`,
  );
}

/** The scenarios of this file by name. */
export const toolScenarios: Record<string, Scenario> = {
  command,
  sleep,
  patch,
  plan,
  search,
  two_messages: twoMessages,
  ask,
  agents,
  background,
};
