/** What codex asks, on one line, with the command that answers it. */
import type { PendingRequest, Question } from "../events/thread_event.ts";
import { LAUNCHER } from "../version.ts";
import { changesText } from "./change_line.ts";
import { cut } from "./cut.ts";
import { oneLine } from "./one_line.ts";

/**
 * For example `r1 command rm -r build — … approve 22cbd36b r1, or decline 22cbd36b r1`.
 * @param limit how long the line may be, in characters: what is asked is cut then, never
 * the command that answers it
 */
export function requestLine(
  turnId: string,
  request: PendingRequest,
  limit = Infinity,
): string {
  const answer = ` — ${how(turnId.slice(-8), request)}`;
  const because = "reason" in request && request.reason
    ? ` (${request.reason})`
    : "";
  const kind = request.kind === "elicitation" ? "form" : request.kind;
  const asked = oneLine(
    `${request.id} ${kind} ${askedText(request)}${because}`,
  ).replace(/\s+/g, " ");
  return cut(asked, limit - answer.length) + answer;
}

/** What is asked, without the kind of the request. */
export function askedText(request: PendingRequest): string {
  switch (request.kind) {
    case "command":
      return commandText(request);
    case "files": {
      const { changes, cwd, grant_root: root } = request;
      const what = changesText(changes, cwd ?? null) ||
        "that codex did not name";
      return root === undefined ? what : `${what}, and to write in ${root}`;
    }
    case "permissions":
      return JSON.stringify(request.permissions);
    case "question":
      return request.questions.map(questionText).join(" ");
    case "elicitation": {
      const { server, message, url } = request;
      return `of ${server}: ${message}${url === null ? "" : ` ${url}`}`;
    }
  }
}

/** The command, and what a yes to it allows besides. */
function commandText(
  { command, network, stdin, permissions }: Extract<
    PendingRequest,
    { kind: "command" }
  >,
): string {
  return [
    ...(stdin ? ["(typed into a command that runs)"] : []),
    command,
    ...(network ? [`(to reach ${network.host} by ${network.protocol})`] : []),
    ...(permissions ? [`(with ${JSON.stringify(permissions)})`] : []),
  ].filter((part) => part !== "").join(" ");
}

/** For example `[colour] Which colour? (Red: like a rose | Blue)`. */
function questionText({ id, question, options = [] }: Question): string {
  const choices = options.map(({ label, description }) =>
    description ? `${label}: ${description}` : label
  );
  return `[${id}] ${question}${
    choices.length > 0 ? ` (${choices.join(" | ")})` : ""
  }`;
}

function how(turn: string, request: PendingRequest): string {
  const answer = `${LAUNCHER} answer ${turn} --request ${request.id}`;
  if (request.kind === "question") {
    const { questions } = request;
    // What is typed as an argument stays in the shell's history; stdin does not.
    if (questions.length === 1) {
      return `${answer} ${questions[0]!.secret ? "-" : '"…"'}`;
    }
    return answer + questions.map(({ id }) => question(id)).join("");
  }
  if (request.kind === "elicitation" && request.url === null) {
    return answer + fieldsOf(request.schema).map(question).join("");
  }
  const decide =
    `${LAUNCHER} approve ${turn} ${request.id}, or decline ${turn} ${request.id}`;
  return request.kind === "files" ? `${decide} (see diff ${turn})` : decide;
}

/** The flag that answers one question; its name comes from outside, and people paste the line into a shell. */
const question = (id: string): string =>
  /^[\w.-]+$/.test(id)
    ? ` --question ${id}="…"`
    : ` --question '${oneLine(id).replaceAll("'", `'\\''`)}=…'`;

/** The names of a form's fields. */
function fieldsOf(schema: unknown): string[] {
  const { properties } = (schema ?? {}) as {
    properties?: Record<string, unknown>;
  };
  return Object.keys(properties ?? {});
}
