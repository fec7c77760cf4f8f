import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { classifyAuth, readLogin } from "../../assets/lib/codex/auth.ts";
import { loginStamp } from "../../assets/lib/codex/token_expiry.ts";
import { withHome } from "../turns/state_home.ts";

const TOKENS = { access_token: "a.b.c" };

const CASES: [unknown, ReturnType<typeof classifyAuth>][] = [
  [{ auth_mode: "chatgpt", tokens: TOKENS }, "chatgpt"],
  [{ auth_mode: "chatgpt", tokens: TOKENS, OPENAI_API_KEY: "sk" }, "chatgpt"],
  [{ tokens: TOKENS }, "chatgpt"],
  [{ tokens: TOKENS, OPENAI_API_KEY: null }, "chatgpt"],
  [{ tokens: TOKENS, OPENAI_API_KEY: "" }, "chatgpt"],
  [{ tokens: TOKENS, OPENAI_API_KEY: "sk" }, "api_key"],
  [{ OPENAI_API_KEY: "sk" }, "api_key"],
  [{ auth_mode: "apikey", OPENAI_API_KEY: "sk" }, "api_key"],
  [{ auth_mode: "apikey", tokens: TOKENS }, "api_key"],
  [{ auth_mode: "chatgpt" }, "empty"],
  [{ auth_mode: "chatgpt", tokens: null, OPENAI_API_KEY: "sk" }, "empty"],
  [{ auth_mode: "chatgpt", tokens: { access_token: "" } }, "empty"],
  [{ auth_mode: "chatgpt", tokens: { access_token: 7 } }, "empty"],
  [{ tokens: "x" }, "empty"],
  [{}, "empty"],
  [[], null],
  [null, null],
  ["text", null],
];

Deno.test("auth.json is a ChatGPT login only as codex itself would take it", () => {
  for (const [value, kind] of CASES) {
    const text = JSON.stringify(value);
    assertEquals(classifyAuth(text), kind, text);
  }
  for (const text of ["", "{", '{"auth_mode": "chatgpt", "tok', "\u0000"]) {
    assertEquals(classifyAuth(text), null);
  }
});

Deno.test(
  "review A12: an auth.json behind a link is as private as the file, and its changes are seen",
  withHome(async (home) => {
    const [path, file] = [join(home, ".codex/auth.json"), join(home, "kept")];
    Deno.mkdirSync(join(home, ".codex"));
    Deno.writeTextFileSync(file, JSON.stringify({ tokens: TOKENS }), {
      mode: 0o600,
    });
    Deno.symlinkSync(file, path);
    const login = () => readLogin(() => "codex");
    assertEquals(await login(), { kind: "chatgpt", exposed: false });
    Deno.chmodSync(file, 0o644);
    assertEquals(await login(), { kind: "chatgpt", exposed: true });
    Deno.utimeSync(file, 1000, 1000);
    assertEquals(loginStamp(), 1_000_000);
  }),
);
