/**
 * What codex asks the user, and the form of an answer. Pure: requests of the app-server
 * in, our words out, and back.
 */
import type { Answer, PendingRequest, Question } from "../events/request.ts";
import { formContent, questionAnswers, UnfitAnswer } from "./answer_texts.ts";
import { grantOf } from "./permission_part.ts";
import { diffsOf } from "./file_changes.ts";
import type { ServerRequest } from "./rpc.ts";
import type { WireItem } from "./wire.ts";

export { type Answer, UnfitAnswer };

/** A request before its deadline is set. */
export type Asked = Omit<PendingRequest, "expires_at">;

/** What is known beside the request itself. */
export interface AskedAbout {
  /** The item that the request is about, where one has started. */
  item?: WireItem | undefined;
  /** The turn's directory. */
  cwd?: string;
}

/** The request in our words, or null when this tool cannot answer its kind. */
export function askedBy(
  id: string,
  { method, params }: ServerRequest,
  { item, cwd = "" }: AskedAbout = {},
): Asked | null {
  const reason = textOrNull(params.reason);
  const asked = { id, cwd: textOrNull(params.cwd) ?? (cwd || null), reason };
  switch (method) {
    case "item/commandExecution/requestApproval": {
      const { command, proposedExecpolicyAmendment: prefix } = params;
      return {
        ...asked,
        kind: "command",
        command: String(command ?? item?.command ?? ""),
        prefix: Array.isArray(prefix) ? prefix : null,
        ...beyondTheCommand(params),
      } as Asked;
    }
    case "item/fileChange/requestApproval":
      return {
        ...asked,
        kind: "files",
        changes: diffsOf(item?.changes),
        ...(params.grantRoot ? { grant_root: String(params.grantRoot) } : {}),
      } as Asked;
    case "item/permissions/requestApproval":
      return {
        ...asked,
        kind: "permissions",
        permissions: params.permissions,
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

/** What a yes to a command allows that the command itself does not show. */
function beyondTheCommand(params: Record<string, unknown>) {
  const { kind, networkApprovalContext, additionalPermissions } = params;
  const network = networkApprovalContext as
    | { host: string; protocol: string }
    | null
    | undefined;
  return {
    ...(network
      ? { network: { host: network.host, protocol: network.protocol } }
      : {}),
    ...(kind === "writeStdin" ? { stdin: true } : {}),
    ...(additionalPermissions ? { permissions: additionalPermissions } : {}),
  };
}

const textOrNull = (value: unknown): string | null =>
  typeof value === "string" ? value : null;

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
 * @throws {UnfitAnswer} when the answer does not fit this kind of request
 */
export function answered(request: Asked, answer: Answer): unknown {
  if (answer.kind === "decline") return declined(request);
  if (answer.kind === "accept" && answer.grant !== null) {
    if (request.kind !== "permissions") {
      throw new UnfitAnswer("Only permissions are granted in part");
    }
  }
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
          permissions: grantOf(answer.grant, asked.permissions),
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
      if (answer.kind === "accept" && answer.scope === "once") {
        return elicited(asked.schema === null ? null : {});
      }
      if (answer.kind === "answers") {
        return elicited(formContent(answer.answers, asked.schema));
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

const elicited = (content: unknown) => ({
  action: "accept",
  content,
  _meta: null,
});
