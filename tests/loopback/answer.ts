/** Sends the answer to one request: JSON, silence, or the steps of a play as an event stream. */

import type { ServerResponse } from "node:http";
import { rateLimitHeaders } from "./backend.ts";
import type { HttpAnswer, SseEvent, SseStep } from "./play.ts";
import { encodeEvent, failed } from "./sse.ts";

/** `dropped` when the client left, or the server closed, before the script's end. */
export type Ended = "complete" | "dropped";

/** Sends `answer` and tells how it ended; `onSend` is told of every event as it goes out. */
export async function sendAnswer(
  answer: HttpAnswer | AsyncIterable<SseStep>,
  to: ServerResponse,
  onSend: (event: SseEvent) => void = () => {},
): Promise<Ended> {
  const closed = new AbortController();
  to.once("close", () => closed.abort());
  if (to.destroyed) return "dropped";
  if (!("answer" in answer)) {
    return await stream(answer, to, closed.signal, onSend);
  }
  if (answer.answer === "http") {
    sendJson(to, answer.status, answer.body, {
      ...rateLimitHeaders(),
      ...answer.headers,
    });
    return "complete";
  }
  await aborted(closed.signal);
  return "dropped";
}

/** Sends `body` as JSON; none when it is undefined. */
export function sendJson(
  to: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  to.writeHead(status, { "content-type": "application/json", ...headers });
  to.end(body === undefined ? undefined : JSON.stringify(body));
}

async function stream(
  steps: AsyncIterable<SseStep>,
  to: ServerResponse,
  closed: AbortSignal,
  onSend: (event: SseEvent) => void,
): Promise<Ended> {
  to.writeHead(200, {
    "content-type": "text/event-stream",
    ...rateLimitHeaders(),
  });
  to.flushHeaders();
  const iterator = steps[Symbol.asyncIterator]();
  const leaving = aborted(closed);
  while (true) {
    const next = await Promise.race([
      iterator.next().catch(explain),
      leaving,
    ]);
    if (next === undefined || closed.aborted) {
      // Not awaited: the iterator may wait for something that never comes.
      iterator.return?.().catch(() => {});
      return "dropped";
    }
    if (next.done) {
      to.end();
      return "complete";
    }
    const step = next.value;
    switch (step.step) {
      case "send":
        onSend(step.event);
        to.write(encodeEvent(step.event));
        break;
      case "wait":
        await pause(step.ms, closed);
        break;
      case "hang":
        await leaving;
        break;
      case "cut":
        to.destroy();
        return "complete";
    }
  }
}

/** A play that throws fails the turn; codex does not try again after this code. */
function explain(error: unknown): IteratorResult<SseStep> {
  return { done: false, value: failed("invalid_prompt", String(error)) };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

function pause(ms: number, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      closed.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    closed.addEventListener("abort", done);
    if (closed.aborted) done();
  });
}
