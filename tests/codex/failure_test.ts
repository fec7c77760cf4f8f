import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  explainFailure,
  isConfigTrouble,
  resetsAt,
  unwrapped,
} from "../../assets/lib/codex/failure.ts";

/** Messages as codex 0.169.0 words them, and their codes. */
const MESSAGES: [message: string, code: string][] = [
  [
    "You've hit your usage limit. Visit https://chatgpt.com/… or try again at 4:11 PM.",
    "usage_limit",
  ],
  [
    "Codex ran out of room in the model's context window. Start a new thread.",
    "context_full",
  ],
  [
    "Your input exceeds the context window of this model.",
    "context_full",
  ],
  [
    "unexpected status 401 Unauthorized: The loopback model says 401",
    "unauthorized",
  ],
  [
    "Your access token could not be refreshed because your refresh token was revoked. Please log out and sign in again.",
    "unauthorized",
  ],
  [
    "Not inside a trusted directory and --skip-git-repo-check was not specified.",
    "not_a_repository",
  ],
  [
    "exceeded retry limit, last status: 429 Too Many Requests",
    "rate_limited",
  ],
  [
    "stream disconnected before completion: error sending request",
    "unreachable",
  ],
  [
    "exceeded retry limit, last status: 500 Internal Server Error",
    "unreachable",
  ],
  ["unexpected status 400 Bad Request: no such model", "rejected"],
  ["Error loading config.toml: unknown variant `x`", "bad_config"],
  [
    "Error: no rollout found for thread id 01a1fe8e-d5c8-77c3-a907-824799b88933",
    "no_such_thread",
  ],
  ["thread already has an active writer", "thread_busy"],
  ["something never heard of", "codex_failed"],
  ["", "codex_failed"],
];

Deno.test("codex's messages have codes to branch on and hints to follow", async (t) => {
  for (const [message, code] of MESSAGES) {
    await t.step(code, () => {
      const failure = explainFailure(message, null);
      assertEquals(failure.code, code, message);
      assertEquals(failure.hint === "", false);
    });
  }
});

Deno.test("a number inside an id or a count is not taken for a status", () => {
  for (
    const message of [
      "command failed in /home/x/401/src",
      "read 4290 lines of output-429b",
      "model gpt-4401 is odd",
    ]
  ) assertEquals(explainFailure(message, null).code, "codex_failed", message);
});

Deno.test("the end of a usage limit is told where the message names a Unix time", () => {
  assertEquals(
    resetsAt('{"resets_at":1767225600}', 0),
    "2026-01-01T00:00:00.000Z",
  );
  assertEquals(resetsAt("nothing", 0), null);
});

Deno.test("the end of a usage limit that codex words as a time of day is the next such time", () => {
  const noon = new Date(2026, 10, 21, 12, 0).getTime();
  const at = (said: string) =>
    resetsAt(`You’ve hit your usage limit. ${said}`, noon);
  const local = (...date: [number, number, number, number, number]) =>
    new Date(...date).toISOString();
  assertEquals(at("Or try again at 4:22 PM."), local(2026, 10, 21, 16, 22));
  assertEquals(at("Or try again at 9:05 AM."), local(2026, 10, 22, 9, 5));
  assertEquals(
    at("try again at Nov 25th, 2026 4:22 PM."),
    local(2026, 10, 25, 16, 22),
  );
});

Deno.test("the engine's own word for a failure counts before its message", () => {
  assertEquals(explainFailure("something", "usage_limit").code, "usage_limit");
  assertEquals(
    explainFailure("usage limit", "context_full").code,
    "context_full",
  );
  assertEquals(explainFailure("died", "codex_exited").code, "codex_exited");
});

Deno.test("review A10: a wrong setting is bad_config, whatever words its name holds", () => {
  const said = (name: string) =>
    `codex app-server exited with code 1: Error: invalid type: string "maybe", expected a boolean\nin \`${name}\`\n`;
  for (
    const name of [
      "sandbox_workspace_write.network_access",
      "model_providers.x.stream_idle_timeout_ms",
      "mcp_servers.connection.startup_timeout_sec",
    ]
  ) {
    assertEquals(explainFailure(said(name), null).code, "bad_config", name);
    assert(isConfigTrouble(said(name)));
  }
  for (
    const said of ["the network card is red", "see the connection diagram"]
  ) {
    assertEquals(explainFailure(said, null).code, "codex_failed", said);
  }
});

Deno.test("newcomer C3: hints that fit what codex said", () => {
  const hint = (said: string, known: string | null = null) =>
    explainFailure(said, known).hint;
  for (
    const said of [
      "We're currently experiencing high demand, which may cause temporary errors.",
      "Selected model is at capacity. Please try a different model.",
    ]
  ) assertMatch(hint(said, "unreachable"), /later.*--model/);
  assertMatch(
    hint("To use Codex with your ChatGPT plan, upgrade to Plus", "usage_limit"),
    /plan does not include/,
  );
  assertMatch(hint("Incomplete response: max_output_tokens"), /shorter/);
  assertMatch(hint("Error while downloading image_url"), /image/);
});

Deno.test("newcomer C3: an HTTP body is unwrapped to its message", () => {
  const wrapped = JSON.stringify({
    error: {
      message: "The 'nope' model is not supported",
      type: "invalid_request_error",
    },
  });
  assertEquals(unwrapped(wrapped), "The 'nope' model is not supported");
  assertEquals(
    unwrapped(`status 400: ${wrapped}`),
    "status 400: The 'nope' model is not supported",
  );
  assertEquals(unwrapped('{"detail":"Not here"}'), "Not here");
  for (const said of ["no {json}", "{", "} {", '{"error":{}}', "{1}"]) {
    assertEquals(unwrapped(said), said);
  }
});
