/** How a turn ended, and codex's own classes of errors (`CodexErrorInfo`) as the words that this tool uses. */
import { explainFailure, unwrapped } from "./failure.ts";
import type { StoredEvent, Usage } from "../events/thread_event.ts";
import type { TurnError, WireTurn } from "./wire.ts";

const WORDS = new Map(Object.entries({
  contextWindowExceeded: "context_full",
  usageLimitExceeded: "usage_limit",
  sessionBudgetExceeded: "usage_limit",
  rateLimitExceeded: "rate_limited",
  unauthorized: "unauthorized",
  badRequest: "rejected",
  modelNotFound: "rejected",
  serverOverloaded: "unreachable",
  internalServerError: "unreachable",
  httpConnectionFailed: "unreachable",
  responseStreamConnectionFailed: "unreachable",
  responseStreamDisconnected: "unreachable",
  responseTooManyFailedAttempts: "unreachable",
}));

/** The HTTP status that a variant with fields can have says more than its name. */
const STATUS_WORDS: Record<number, string> = {
  400: "rejected",
  401: "unauthorized",
  429: "rate_limited",
};

/** Our word for an error's class; null where there is none. A variant with fields is an object. */
export function errorCode(info: unknown): string | null {
  const status = httpStatusOf(info);
  if (status !== null && STATUS_WORDS[status]) return STATUS_WORDS[status];
  const name = typeof info === "string"
    ? info
    : typeof info === "object" && info !== null
    ? Object.keys(info)[0]
    : undefined;
  return name === undefined ? null : WORDS.get(name) ?? null;
}

/** `httpStatusCode` of a variant such as `{responseTooManyFailedAttempts: {…}}`. */
function httpStatusOf(info: unknown): number | null {
  if (typeof info !== "object" || info === null) return null;
  const [fields] = Object.values(info);
  const status = fields?.httpStatusCode;
  return typeof status === "number" ? status : null;
}

/** Our word for a failure: by its class, else by the wrapping that `errorMessage` removes. */
function failureCode(
  { message, codexErrorInfo }: TurnError,
): string | null {
  const known = errorCode(codexErrorInfo);
  if (known !== null || typeof message !== "string") return known;
  if (unwrapped(message) === message) return null;
  const { code } = explainFailure(message, null);
  return code === "codex_failed" ? null : code;
}

/** What an error says, with its details where it has some. */
export function errorMessage(
  { message, additionalDetails: details }: TurnError,
): string {
  const said = typeof message === "string"
    ? unwrapped(message)
    : "codex did not say why";
  return typeof details === "string" && details !== ""
    ? `${said} (${details})`
    : said;
}

/** The event that ends a turn. */
export function lastEvent(
  usage: Usage | null,
  { status, error }: WireTurn,
): StoredEvent {
  if (status === "completed") return { type: "turn.completed", usage };
  const how = typeof status === "string" ? status : "over somehow";
  const message = error ? errorMessage(error) : `The turn was ${how}`;
  const code = error ? failureCode(error) : null;
  return { type: "turn.failed", error: { message, ...(code ? { code } : {}) } };
}
