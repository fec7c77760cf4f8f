/** What codex asks, on one line, with the command that answers it. */
import type { PendingRequest } from "../events/thread_event.ts";
import { LAUNCHER } from "../version.ts";

/** For example `r1 command rm -r build — codex-server approve 22cbd36b r1, or decline 22cbd36b r1`. */
export const requestLine = (turnId: string, request: PendingRequest): string =>
  `${request.id} ${flat(what(request))} — ${how(turnId.slice(-8), request)}`;

function what(request: PendingRequest): string {
  const because = "reason" in request && request.reason
    ? ` (${request.reason})`
    : "";
  switch (request.kind) {
    case "command":
      return `command ${request.command}${because}`;
    case "files":
      return `files ${
        request.changes.map(({ kind, path }) => `${kind} ${path}`).join(", ")
      }${because}`;
    case "permissions":
      return `permissions ${JSON.stringify(request.permissions)}${because}`;
    case "question":
      return `question ${
        request.questions.map(({ id, question }) => `[${id}] ${question}`).join(
          " ",
        )
      }`;
    case "elicitation":
      return `form of ${request.server}: ${request.message}`;
  }
}

function how(turn: string, { id, kind }: PendingRequest): string {
  return kind === "question" || kind === "elicitation"
    ? `${LAUNCHER} answer ${turn} --request ${id} "…"`
    : `${LAUNCHER} approve ${turn} ${id}, or decline ${turn} ${id}`;
}

const flat = (text: string): string => text.replace(/\s+/g, " ").trim();
