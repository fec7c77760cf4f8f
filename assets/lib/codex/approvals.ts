/**
 * What codex asks of the user, and how an answer is put. Pure: requests of the app-server
 * in, our words out, and back.
 */
import type { PendingRequest, Question } from "../events/thread_event.ts";
import { changesOf } from "./items.ts";
import type { ServerRequest } from "./rpc.ts";
import type { WireItem } from "./wire.ts";

/** An answer to a request, as a user gives it. */
export type Answer =
  | {
    kind: "accept"; /** How far it reaches. */
    scope: "once" | "session" | "prefix";
    grant: unknown;
  }
  | { kind: "decline" }
  /** Texts by question id; `""` stands for the only question. */
  | { kind: "answers"; answers: Record<string, string[]> };

/** The answer does not fit the request; the message says what would. */
export class UnfitAnswer extends Error {
  override name = "UnfitAnswer";
}

/** A request before its deadline is set. */
export type Asked = Omit<PendingRequest, "expires_at">;

/**
 * The request in our words, or null when this tool cannot answer its kind.
 * @param item the item that the request is about, where one has started
 */
export function askedBy(
  id: string,
  { method, params }: ServerRequest,
  item?: WireItem,
): Asked | null {
  const reason = typeof params.reason === "string" ? params.reason : null;
  switch (method) {
    case "item/commandExecution/requestApproval": {
      const { command, cwd, proposedExecpolicyAmendment: prefix } = params;
      return {
        id,
        kind: "command",
        command: String(command ?? item?.command ?? ""),
        cwd: typeof cwd === "string" ? cwd : null,
        reason,
        prefix: Array.isArray(prefix) ? prefix : null,
      } as Asked;
    }
    case "item/fileChange/requestApproval":
      return {
        id,
        kind: "files",
        changes: changesOf(item?.changes),
        reason,
      } as Asked;
    case "item/permissions/requestApproval":
      return {
        id,
        kind: "permissions",
        permissions: params.permissions,
        reason,
      } as Asked;
    case "item/tool/requestUserInput":
      return {
        id,
        kind: "question",
        questions: questionsOf(params.questions),
      } as Asked;
    case "mcpServer/elicitation/request":
      return {
        id,
        kind: "elicitation",
        server: String(params.serverName ?? ""),
        message: String(params.message ?? ""),
        schema: params.requestedSchema ?? null,
        url: typeof params.url === "string" ? params.url : null,
      } as Asked;
    default:
      return null;
  }
}

function questionsOf(questions: unknown): Question[] {
  return (Array.isArray(questions) ? questions : []).map((question) => ({
    id: String(question.id),
    header: String(question.header ?? ""),
    question: String(question.question ?? ""),
    secret: question.isSecret === true,
    options: Array.isArray(question.options) ? question.options : [],
    free: question.isOther === true || !Array.isArray(question.options),
  }));
}

/** The result that declines a request; every kind has its own form. */
export function declined(asked: Asked): unknown {
  switch (asked.kind) {
    case "command":
    case "files":
      return { decision: "decline" };
    case "permissions":
      return { permissions: {}, scope: "turn" };
    case "question":
      return { answers: {} };
    case "elicitation":
      return { action: "decline", content: null, _meta: null };
  }
}

/**
 * The result that gives `answer` to a request.
 * @throws {UnfitAnswer} when the answer is not one to this kind of request
 */
export function answered(request: Asked, answer: Answer): unknown {
  if (answer.kind === "decline") return declined(request);
  const asked = request as PendingRequest;
  switch (asked.kind) {
    case "command":
      if (answer.kind === "accept") {
        return { decision: commandDecision(asked.prefix, answer.scope) };
      }
      break;
    case "files":
      if (answer.kind === "accept" && answer.scope !== "prefix") {
        return {
          decision: answer.scope === "session" ? "acceptForSession" : "accept",
        };
      }
      break;
    case "permissions":
      if (answer.kind === "accept" && answer.scope !== "prefix") {
        return {
          permissions: withoutNulls(answer.grant ?? asked.permissions),
          scope: answer.scope === "session" ? "session" : "turn",
        };
      }
      break;
    case "question":
      if (answer.kind === "answers") {
        return { answers: questionAnswers(asked.questions, answer.answers) };
      }
      break;
    case "elicitation":
      if (answer.kind === "accept") {
        return elicited(asked.schema === null ? null : {});
      }
      if (answer.kind === "answers") {
        return elicited(formContent(answer.answers));
      }
      break;
  }
  throw new UnfitAnswer(FITTING[asked.kind]);
}

const FITTING: Record<PendingRequest["kind"], string> = {
  command: "A command is approved or declined",
  files: "File changes are approved (once or for the session) or declined",
  permissions: "Permissions are approved (once or for the session) or declined",
  question: "A question is answered with text, or declined",
  elicitation: "A form is answered field by field with --question, or declined",
};

function commandDecision(
  prefix: string[] | null,
  scope: "once" | "session" | "prefix",
): unknown {
  if (scope === "once") return "accept";
  if (scope === "session") return "acceptForSession";
  if (!prefix) {
    throw new UnfitAnswer("Codex proposed no prefix for this command");
  }
  return { acceptWithExecpolicyAmendment: { execpolicy_amendment: prefix } };
}

/** The protocol's grant leaves out what is not granted; the request says null. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== null),
  );
}

function questionAnswers(
  questions: Question[],
  answers: Record<string, string[]>,
): Record<string, { answers: string[] }> {
  const named = Object.entries(answers).map(([id, texts]) => {
    const question = id === "" && questions.length === 1
      ? questions[0]
      : questions.find((candidate) => candidate.id === id);
    if (!question) {
      const ids = questions.map((candidate) => candidate.id).join(", ");
      throw new UnfitAnswer(`Name the question with --question ID: ${ids}`);
    }
    return [question.id, { answers: texts }];
  });
  return Object.fromEntries(named);
}

const elicited = (content: unknown) => ({
  action: "accept",
  content,
  _meta: null,
});

/** Form fields take JSON values where the text is one, else the text itself. */
function formContent(
  answers: Record<string, string[]>,
): Record<string, unknown> {
  const fields = Object.entries(answers).map(([name, texts]) => {
    if (name === "") throw new UnfitAnswer(FITTING.elicitation);
    const values = texts.map(jsonOrText);
    return [name, values.length === 1 ? values[0] : values];
  });
  return Object.fromEntries(fields);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
