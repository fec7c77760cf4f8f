/**
 * Whether the user is logged in with ChatGPT. Only `auth.json` is looked at; where the
 * credentials may be in the system's keyring, codex is asked.
 */
import { sleep } from "../system/clock.ts";
import { lstatIfExists } from "../system/files.ts";
import { codexHome } from "../system/paths.ts";
import { mayRun } from "../system/may_run.ts";
import { runProgram } from "../system/spawn.ts";
import { blankedSecrets } from "./child_env.ts";
import { readConfigToml, topLevelString } from "./config_toml.ts";

/** What is known of the login. */
export type Login =
  | { kind: "chatgpt"; /** Others may read auth.json. */ exposed: boolean }
  | { kind: "api_key" }
  | { kind: "none"; reason: string };

/** What the text of an auth.json says; null where it is not a whole JSON object. */
export function classifyAuth(
  text: string,
): "chatgpt" | "api_key" | "empty" | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return null;
  }
  const auth = value as {
    auth_mode?: unknown;
    tokens?: unknown;
    OPENAI_API_KEY?: unknown;
  };
  const hasKey = typeof auth.OPENAI_API_KEY === "string" &&
    auth.OPENAI_API_KEY !== "";
  const tokens = auth.tokens as { access_token?: unknown } | null | undefined;
  const hasTokens = typeof tokens?.access_token === "string" &&
    tokens.access_token !== "";
  // codex itself: a stated mode wins; without one, a key wins over tokens.
  if (auth.auth_mode === "chatgpt") return hasTokens ? "chatgpt" : "empty";
  if (auth.auth_mode !== undefined && auth.auth_mode !== null) return "api_key";
  if (hasKey) return "api_key";
  return hasTokens ? "chatgpt" : "empty";
}

/** How often an unreadable auth.json is read again (codex rewrites it in place), 20 ms apart. */
const REREADS = 10;

/**
 * Looks at the login. Takes no network and, but for keyrings, no process.
 * @param codexPath names the codex to ask about a keyring
 */
export async function readLogin(codexPath: () => string): Promise<Login> {
  const path = `${codexHome()}/auth.json`;
  for (let tries = 0;; tries++) {
    let text: string;
    try {
      text = Deno.readTextFileSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) {
        return await withoutFile(codexPath, path);
      }
      return {
        kind: "none",
        reason: `${path} cannot be read: ${(error as Error).message}`,
      };
    }
    const found = classifyAuth(text);
    if (found === "chatgpt") {
      return { kind: "chatgpt", exposed: isExposed(path) };
    }
    if (found === "api_key") return { kind: "api_key" };
    if (found === "empty") {
      return { kind: "none", reason: `${path} holds no login` };
    }
    if (tries >= REREADS) {
      return { kind: "none", reason: `${path} is not valid JSON` };
    }
    await sleep(20);
  }
}

function isExposed(path: string): boolean {
  return Deno.build.os !== "windows" &&
    ((lstatIfExists(path)?.mode ?? 0) & 0o044) !== 0;
}

/** No auth.json: proof of nothing where config.toml keeps credentials in the keyring. */
async function withoutFile(
  codexPath: () => string,
  path: string,
): Promise<Login> {
  const store = topLevelString(readConfigToml(), "cli_auth_credentials_store");
  const missing: Login = { kind: "none", reason: `${path} is missing` };
  if (store !== "keyring" && store !== "auto") return missing;
  if (!mayRun(codexPath())) {
    return {
      kind: "none",
      reason: "codex could not be asked about the keyring",
    };
  }
  try {
    const asked = await runProgram(codexPath(), ["login", "status"], {
      env: blankedSecrets(),
      timeoutMs: 5000,
    });
    const said = asked.stdout + asked.stderr;
    if (asked.code === 0 && /chatgpt/i.test(said)) {
      return { kind: "chatgpt", exposed: false };
    }
    if (asked.code === 0 && /api key/i.test(said)) return { kind: "api_key" };
    return { kind: "none", reason: "the keyring holds no login" };
  } catch (error) {
    return {
      kind: "none",
      reason: `codex could not be asked: ${(error as Error).message}`,
    };
  }
}
