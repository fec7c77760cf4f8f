import { assertEquals } from "@std/assert";
import { errorCode } from "../../assets/lib/codex/turn_error.ts";
import { explainFailure } from "../../assets/lib/codex/failure.ts";

Deno.test("codex's classes of errors become our words, with fields or without", () => {
  const cases: [unknown, string | null][] = [
    ["contextWindowExceeded", "context_full"],
    ["usageLimitExceeded", "usage_limit"],
    ["rateLimitExceeded", "rate_limited"],
    ["unauthorized", "unauthorized"],
    ["badRequest", "rejected"],
    ["internalServerError", "unreachable"],
    [{ httpConnectionFailed: { httpStatusCode: 502 } }, "unreachable"],
    [{ responseStreamDisconnected: { httpStatusCode: null } }, "unreachable"],
    [{ activeTurnNotSteerable: { turnKind: "review" } }, null],
    ["other", null],
    ["a class of tomorrow", null],
    [{}, null],
    [null, null],
    [undefined, null],
    [7, null],
  ];
  for (const [info, word] of cases) {
    assertEquals(errorCode(info), word, JSON.stringify(info));
  }
});

Deno.test("every word for an error has a hint of its own", () => {
  const none = explainFailure("", "nothing that is known").hint;
  for (
    const info of [
      "contextWindowExceeded",
      "usageLimitExceeded",
      "rateLimitExceeded",
      "unauthorized",
      "badRequest",
      "serverOverloaded",
    ]
  ) {
    const { code, hint } = explainFailure("", errorCode(info));
    assertEquals(code, errorCode(info));
    assertEquals(hint === none, false, info);
  }
});
