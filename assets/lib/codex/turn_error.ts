/** Codex's own classes of errors (`CodexErrorInfo`) as the words that this tool uses. */

const WORDS: Record<string, string> = {
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
};

/** Our word for an error's class; null where there is none. A variant with fields is an object. */
export function errorCode(info: unknown): string | null {
  const name = typeof info === "string"
    ? info
    : typeof info === "object" && info !== null
    ? Object.keys(info)[0]
    : undefined;
  return name === undefined ? null : WORDS[name] ?? null;
}
