/** A server on the loopback interface that plays OpenAI's side for the real codex: model, backend and token refresh. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sendAnswer, sendJson } from "./answer.ts";
import { answerBackend } from "./backend.ts";
import { type ModelRequest, recordRequest } from "./model_request.ts";
import type { Play } from "./play.ts";
import { playScenario } from "./scenarios.ts";

/** A running loopback model server. */
export interface ModelServer {
  /** `http://127.0.0.1:PORT`; the model API lies under `/v1`, the ChatGPT backend under `/backend-api`. */
  readonly url: string;
  readonly port: number;
  /** Every request so far, oldest first. */
  readonly requests: readonly ModelRequest[];
  /** Model requests whose answer is under way, silent ones included. */
  readonly openStreams: number;
  /** The model requests so far, oldest first. */
  turns(): ModelRequest[];
  /**
   * Waits until `condition` gives something other than undefined, null or false, and returns it. It is asked again
   * whenever a request comes or an answer ends. Throws an Error after `ms` milliseconds.
   */
  waitFor<T>(
    condition: (server: ModelServer) => T | undefined | null | false,
    ms?: number,
  ): Promise<T>;
  /** Breaks off what is under way and frees the port. */
  close(): Promise<void>;
}

/** What a server may be started with. */
export interface ModelServerOptions {
  /** Decides the answers; the named scenarios unless given. */
  play?: Play;
  /** A free one unless given. */
  port?: number;
}

/** Starts a server; it runs until `close`. */
export async function startModelServer(
  { play = playScenario, port = 0 }: ModelServerOptions = {},
): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const watchers = new Set<() => void>();
  const changed = () => watchers.forEach((watcher) => watcher());

  // Deno.serve does not notice that a client leaves while it waits for the headers of an answer.
  const http = createServer(async (incoming, outgoing) => {
    const request = await recordRequest(incoming).catch(() => undefined);
    if (request === undefined) return; // The client left before it had sent everything.
    requests.push(request);
    changed();
    if (request.kind === "backend") {
      const { status, body } = answerBackend(request);
      sendJson(outgoing, status, body);
      request.ended = "complete";
    } else {
      const turnRequests = requests.filter((other) => sameTurn(other, request));
      const answer = decide(play, request, turnRequests.length);
      request.ended = await sendAnswer(answer, outgoing, (event) => {
        if (event.type !== "response.output_text.delta") return;
        request.spoken.push({ at: Date.now(), text: String(event.delta) });
      });
    }
    request.status = outgoing.headersSent ? outgoing.statusCode : undefined;
    changed();
  });
  await listen(http, port);
  const address = http.address() as AddressInfo;

  const server: ModelServer = {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests,
    turns: () => requests.filter((request) => request.kind === "responses"),
    get openStreams() {
      return server.turns().filter((turn) => turn.ended === undefined).length;
    },
    waitFor(condition, ms = 180_000) {
      return new Promise((resolve, reject) => {
        const settle = (finish: () => void) => {
          clearTimeout(timer);
          clearInterval(poll);
          watchers.delete(look);
          finish();
        };
        const look = () => {
          try {
            const found = condition(server);
            if (found !== undefined && found !== null && found !== false) {
              settle(() => resolve(found));
            }
          } catch (error) {
            settle(() => reject(error));
          }
        };
        const timer = setTimeout(() => {
          settle(() => reject(new Error(overdue(server, ms))));
        }, ms);
        const poll = setInterval(look, 50);
        watchers.add(look);
        look();
      });
    },
    close() {
      return new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
  return server;
}

function listen(http: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, "127.0.0.1", () => resolve());
  });
}

/**
 * The play's answer. Who is not logged in gets a 401, as from the real service; a play that throws fails the turn at
 * once, since codex does not try a 400 again.
 */
function decide(play: Play, request: ModelRequest, turnRequests: number) {
  if (!request.headers.authorization) {
    const body = { error: { message: "Missing bearer authentication" } };
    return { answer: "http" as const, status: 401, body };
  }
  try {
    return play(request, turnRequests);
  } catch (error) {
    const body = { error: { type: "invalid_play", message: String(error) } };
    return { answer: "http" as const, status: 400, body };
  }
}

function sameTurn(one: ModelRequest, other: ModelRequest): boolean {
  return one.kind === other.kind && one.threadId === other.threadId &&
    one.turnId === other.turnId && one.prompt === other.prompt;
}

function overdue(server: ModelServer, ms: number): string {
  const turns = server.turns().map(({ prompt, ended }) =>
    `${JSON.stringify(prompt.slice(0, 60))} ${ended ?? "under way"}`
  );
  return `Waited ${ms} ms in vain; ${server.requests.length} requests, model requests: ${
    turns.join(", ") || "none"
  }`;
}
