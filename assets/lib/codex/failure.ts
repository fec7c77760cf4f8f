/** What codex's own error messages mean: a code to branch on and what the user can do. */
import { ERROR_CODES, type ErrorCode } from "../domain/error_codes.ts";
import { LAUNCHER } from "../version.ts";

/** What a failure is, and what can be done. */
export interface Failure {
  code: ErrorCode;
  hint: string;
}

/** What a user can do about each kind of failure. */
const HINTS = {
  usage_limit:
    "wait until the limit resets, or use another plan; the thread can be continued then",
  context_full: "start a new thread, or continue with a shorter prompt",
  no_such_thread: `see the threads with: ${LAUNCHER} list`,
  thread_busy: "wait for the other turn on this thread, or start a new one",
  unauthorized: "log in again with: codex login",
  not_a_repository: "run it in a git repository, or add --skip-git-check",
  rate_limited: "wait a little and continue the thread",
  unreachable: "check the network and continue the thread",
  rejected: "the service refused the request; check model, schema and images",
  handshake_failed: `run setup again (${LAUNCHER} setup), or give --engine sdk`,
  bad_config: "check ~/.codex/config.toml and the --config flags",
} satisfies Partial<Record<ErrorCode, string>>;

/** Checked in order; the first pattern that matches decides. Sources: codex's messages. */
const MEANINGS: [RegExp, keyof typeof HINTS][] = [
  // First: the name of a wrong setting can contain any word below.
  [
    /error loading config|failed to (load|parse|read) (the )?config|config\.toml:|Error: (invalid (type|value|length)|unknown (variant|field)|missing field|duplicate field)|unknown variant|invalid override|^in `[\w.-]+`$/im,
    "bad_config",
  ],
  [/usage limit|usage_limit|quota exceeded|out of credits/i, "usage_limit"],
  [/context window|context_length_exceeded|ran out of room/i, "context_full"],
  [
    /no rollout found|no saved session|(thread|session) not found|not found.*(thread|session)/i,
    "no_such_thread",
  ],
  [/active writer/i, "thread_busy"],
  [
    /status:? 401\b|unauthori[sz]ed|token (is |has )?(expired|revoked|invalid)|refresh token|log ?in again|sign ?in again/i,
    "unauthorized",
  ],
  [/not inside a trusted directory|skip-git-repo-check/i, "not_a_repository"],
  [/status:? 429\b|rate limit|too many requests/i, "rate_limited"],
  [
    /stream (disconnected|closed)|error sending request|connection (refused|reset|closed|aborted|failed|error|timed out)|(dns|tcp connect) error|failed to lookup address|(request|operation|stream) timed out|timed out waiting|network (error|is unreachable|unreachable)|status:? 5\d\d\b|high demand|at capacity|overloaded/i,
    "unreachable",
  ],
  [/status:? 400\b|invalid_request|bad request/i, "rejected"],
];

/** Messages that need a hint of their own. */
const OWN_HINTS: [RegExp, string][] = [
  [
    /high demand|at capacity|overloaded/i,
    "try again later, or take another model with --model; continue the thread",
  ],
  [
    /upgrade to plus|does(n't| not) include codex/i,
    "this ChatGPT plan does not include Codex: upgrade it, or log in with another account (codex login)",
  ],
  [
    /max_output_tokens/i,
    "the answer was longer than the model may write: ask for a shorter one, or for its parts; continue the thread",
  ],
  [
    /(download|fetch|load)\w*[^.]*\bimage|image[_ ]url|invalid image/i,
    "the service could not use an image: check that its URL can be reached, or give the file itself with --image",
  ],
];

/**
 * What the failure of a turn means.
 * @param known the engine's code for it; one that has a hint overrides the message
 */
export function explainFailure(message: string, known: string | null): Failure {
  const named = known !== null && known in ERROR_CODES
    ? known as ErrorCode
    : null;
  const code = named !== null && named in HINTS
    ? named
    : MEANINGS.find(([pattern]) => pattern.test(message))?.[1] ?? named ??
      "codex_failed";
  const hints: Partial<Record<ErrorCode, string>> = HINTS;
  return {
    code,
    hint: OWN_HINTS.find(([pattern]) => pattern.test(message))?.[1] ??
      hints[code] ?? "read worker.log in the turn's directory",
  };
}

/** Whether a codex that exited at once complained of its configuration. */
export const isConfigTrouble = (said: string): boolean =>
  explainFailure(said, null).code === "bad_config";

/**
 * A message without its wrapping: the service's answer can arrive as its original JSON
 * (`{"error": {"message": …}}`, `{"detail": …}`), alone or after codex's words.
 */
export function unwrapped(message: string): string {
  const at = message.indexOf("{");
  const to = message.lastIndexOf("}");
  // Only the JSON says when a limit resets.
  if (at === -1 || to < at || message.includes("resets_at")) return message;
  try {
    const body = JSON.parse(message.slice(at, to + 1));
    const said = body.error?.message ?? body.message ?? body.detail;
    return typeof said === "string" && said !== ""
      ? message.slice(0, at) + said + message.slice(to + 1)
      : message;
  } catch {
    return message;
  }
}

/**
 * When a usage limit ends, ISO 8601, where the message says it: `resets_at` as a Unix
 * time, or codex's own "try again at 4:22 PM" (or with a date), in this machine's zone.
 */
export function resetsAt(message: string, nowMs: number): string | null {
  const seconds = message.match(/"?resets_at"?\s*[:=]\s*(\d{9,11})/)?.[1];
  if (seconds) return new Date(Number(seconds) * 1000).toISOString();
  const said = message.match(
    /try again at (?:(.*\d{4}),? )?(\d{1,2}:\d{2} [AP]M)/,
  );
  if (!said) return null;
  const [, date, time] = said;
  const day = date?.replace(/(\d)(st|nd|rd|th)/, "$1") ??
    new Date(nowMs).toDateString();
  const at = Date.parse(`${day} ${time}`);
  if (!Number.isFinite(at)) return null;
  // A time that has passed today is tomorrow's.
  const past = date === undefined && at < nowMs - 60_000;
  return new Date(past ? at + 24 * 60 * 60 * 1000 : at).toISOString();
}
