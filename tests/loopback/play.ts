/** The script language of the loopback model: what a scenario may make the server do. */

import type { ModelRequest } from "./model_request.ts";

/** One event of the Responses API stream; `type` names it, e.g. `response.created`. */
export type SseEvent = { type: string; [field: string]: unknown };

/** One step of a streamed answer. */
export type SseStep =
  | { step: "send"; event: SseEvent }
  | { step: "wait"; ms: number }
  /** Nothing more is sent until the client leaves. */
  | { step: "hang" }
  /** The connection breaks off without the end of the response body. */
  | { step: "cut" };

/** An answer that is no stream. */
export type HttpAnswer =
  | {
    answer: "http";
    status: number;
    headers?: Record<string, string>;
    /** Sent as JSON. */
    body: unknown;
  }
  /** Not even response headers, until the client leaves. */
  | { answer: "silent" };

/**
 * Decides the answer to one model request.
 *
 * `turnRequests` is the number of this request within its turn, from 1: a retry and the request that carries a tool's
 * output count on.
 */
export type Play = (
  request: ModelRequest,
  turnRequests: number,
) => AsyncIterable<SseStep> | HttpAnswer;

/** The step that sends `event`. */
export function send(event: SseEvent): SseStep {
  return { step: "send", event };
}

/** The step that lets `ms` milliseconds pass. */
export function wait(ms: number): SseStep {
  return { step: "wait", ms };
}

/** The step that keeps the stream open and silent until the client leaves. */
export const HANG: SseStep = { step: "hang" };

/** The step that breaks the connection off. */
export const CUT: SseStep = { step: "cut" };
