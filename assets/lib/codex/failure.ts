/** What codex's own error messages mean: a code to branch on and what the user can do. */

export interface Failure {
  /** A word of references/error-handling.md. */
  code: string;
  hint: string;
}

/** Checked in order; the first pattern that matches decides. Sources: codex 0.169.0's messages. */
const MEANINGS: [RegExp, Failure][] = [
  [/usage limit|usage_limit|quota exceeded|out of credits/i, {
    code: "usage_limit",
    hint:
      "wait until the limit resets, or use another plan; the thread can be continued then",
  }],
  [/context window|context_length_exceeded|ran out of room/i, {
    code: "context_full",
    hint: "start a new thread, or continue with a shorter prompt",
  }],
  [
    /no rollout found|thread not found|session not found|no saved session|not found.*(thread|session)/i,
    {
      code: "no_such_thread",
      hint: "see the threads with: codex-server list",
    },
  ],
  [/active writer/i, {
    code: "thread_busy",
    hint: "wait for the other turn on this thread, or start a new one",
  }],
  [
    /401|unauthori[sz]ed|token (is |has )?(expired|revoked|invalid)|refresh token|log ?in again|sign ?in again/i,
    {
      code: "unauthorized",
      hint: "log in again with: codex login",
    },
  ],
  [/not inside a trusted directory|skip-git-repo-check/i, {
    code: "not_a_repository",
    hint: "run it in a git repository, or add --skip-git-check",
  }],
  [/429|rate limit|too many requests/i, {
    code: "rate_limited",
    hint: "wait a little and continue the thread",
  }],
  [
    /stream disconnected|connection|timed? ?out|dns|network|error sending request|status 5\d\d/i,
    {
      code: "unreachable",
      hint: "check the network and continue the thread",
    },
  ],
  [/status 400|invalid_request|bad request/i, {
    code: "rejected",
    hint: "the service refused the request; check model, schema and images",
  }],
  [
    /error loading config|config\.toml|unknown variant|invalid (value|override)/i,
    {
      code: "bad_config",
      hint: "check ~/.codex/config.toml and the --config flags",
    },
  ],
];

/** What the message of a failed turn means. */
export function explainFailure(message: string): Failure {
  const known = MEANINGS.find(([pattern]) => pattern.test(message));
  return known?.[1] ??
    { code: "codex_failed", hint: "read worker.log in the turn's directory" };
}

/** The stated end of a usage limit as ISO 8601, where the message names one as a Unix time. */
export function resetsAt(message: string): string | null {
  const seconds = message.match(/"?resets_at"?\s*[:=]\s*(\d{9,11})/)?.[1];
  return seconds ? new Date(Number(seconds) * 1000).toISOString() : null;
}
