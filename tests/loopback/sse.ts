/** Builders for the events of the Responses API stream, as far as codex reads them. */

import type { Json, ModelRequest } from "./model_request.ts";
import { send, type SseEvent, type SseStep, wait } from "./play.ts";

/** The wire form of one event. */
export function encodeEvent(event: SseEvent): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(
    `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
  );
}

let lastId = 0;

/** An id that no other item of this process has. */
export function freshId(prefix: string): string {
  lastId += 1;
  return `${prefix}_loopback_${lastId}`;
}

/** How a message is streamed. */
export interface MessageOptions {
  /** Milliseconds before each delta; 0 unless given. */
  pause?: number;
  /** What codex calls a message on the way (`commentary`) and the last one (`final_answer`). */
  phase?: "commentary" | "final_answer";
}

/** An assistant message in one delta per piece. */
export async function* message(
  pieces: string[],
  { pause = 0, phase = "final_answer" }: MessageOptions = {},
): AsyncGenerator<SseStep> {
  const id = freshId("msg");
  const text = pieces.join("");
  yield* messageStart(id, phase);
  for (const delta of pieces) {
    if (pause > 0) yield wait(pause);
    yield textDelta(id, delta);
  }
  yield send({
    type: "response.output_text.done",
    item_id: id,
    output_index: 0,
    content_index: 0,
    text,
  });
  yield itemDone({
    type: "message",
    id,
    role: "assistant",
    status: "completed",
    phase,
    content: [{ type: "output_text", text, annotations: [] }],
  });
}

/** The beginning of a message that is never completed: for streams that break off or hang. */
export async function* unfinishedMessage(
  pieces: string[],
): AsyncGenerator<SseStep> {
  const id = freshId("msg");
  yield* messageStart(id, "final_answer");
  for (const delta of pieces) yield textDelta(id, delta);
}

function messageStart(id: string, phase: string): SseStep[] {
  return [
    itemAdded({
      type: "message",
      id,
      role: "assistant",
      status: "in_progress",
      phase,
      content: [],
    }),
    send({
      type: "response.content_part.added",
      item_id: id,
      output_index: 0,
      content_index: 0,
      part: { type: "output_text", text: "", annotations: [] },
    }),
  ];
}

function textDelta(id: string, delta: string): SseStep {
  return send({
    type: "response.output_text.delta",
    item_id: id,
    output_index: 0,
    content_index: 0,
    delta,
  });
}

/** A reasoning item with one summary part, in one delta per piece. */
export async function* reasoning(pieces: string[]): AsyncGenerator<SseStep> {
  const id = freshId("rs");
  const text = pieces.join("");
  const place = { item_id: id, output_index: 0, summary_index: 0 };
  yield itemAdded({ type: "reasoning", id, summary: [] });
  yield send({
    type: "response.reasoning_summary_part.added",
    ...place,
    part: { type: "summary_text", text: "" },
  });
  for (const delta of pieces) {
    yield send({
      type: "response.reasoning_summary_text.delta",
      ...place,
      delta,
    });
  }
  yield send({
    type: "response.reasoning_summary_text.done",
    ...place,
    text,
  });
  yield itemDone({
    type: "reasoning",
    id,
    summary: [{ type: "summary_text", text }],
    encrypted_content: "loopback",
  });
}

/** The event that announces `item`. */
export function itemAdded(item: Json): SseStep {
  return send({ type: "response.output_item.added", output_index: 0, item });
}

/** The event that completes `item`. */
export function itemDone(item: Json): SseStep {
  return send({ type: "response.output_item.done", output_index: 0, item });
}

/**
 * A whole response: created, what `output` sends, completed.
 *
 * The usage depends only on the prompt, the number of tool outputs and the text sent, so that tests can name it.
 */
export async function* response(
  request: ModelRequest,
  output: AsyncIterable<SseStep> | SseStep[],
): AsyncGenerator<SseStep> {
  const id = freshId("resp");
  yield created(id);
  let written = 0;
  for await (const step of output) {
    if (
      step.step === "send" &&
      step.event.type === "response.output_item.done"
    ) written += outputTokens(step.event.item as Json);
    yield step;
  }
  yield send({
    type: "response.completed",
    response: {
      id,
      object: "response",
      status: "completed",
      model: request.body?.model,
      usage: usage(request, written),
    },
  });
}

/** The first event of every response. */
export function created(id = freshId("resp")): SseStep {
  return send({
    type: "response.created",
    response: { id, object: "response", status: "in_progress" },
  });
}

/** The event that ends a response with an error, e.g. code `server_error`. */
export function failed(code: string, message: string): SseStep {
  return send({
    type: "response.failed",
    response: {
      id: freshId("resp"),
      object: "response",
      status: "failed",
      error: { code, message },
    },
  });
}

/** The usage numbers of a response; large prompts are counted smaller so that codex does not start to compact. */
export function usage(request: ModelRequest, written: number): Json {
  const input = 2400 + Math.min(tokens(request.prompt), 50_000) +
    100 * request.toolOutputs.length;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 1920 },
    output_tokens: written,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + written,
  };
}

function outputTokens(item: Json): number {
  const { id: _id, call_id: _callId, encrypted_content: _, ...visible } = item;
  return item.type === "message"
    ? tokens((item.content as { text: string }[])[0]?.text ?? "")
    : tokens(JSON.stringify(visible));
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}
