/**
 * Whether the user is logged in with ChatGPT. Only `auth.json` is read; where the
 * credentials might be in the system's keyring, codex is asked.
 */
import { Deadline, sleep } from "../system/clock.ts";
import { reasonOf } from "../system/os_error.ts";
import { codexHome } from "../system/paths.ts";
import { mayRun } from "../system/may_run.ts";
import { runProgram } from "../system/spawn.ts";
import { blankedSecrets } from "./child_env.ts";
import { readConfigToml, topLevelString } from "./config_toml.ts";

/** What is known of the login. */
export type Login =
  | {
    kind: "chatgpt";
    /** Others can read auth.json. */
    exposed: boolean;
  }
  | { kind: "api_key" }
  | { kind: "none"; reason: string }
  /** There might be one; its store cannot be read. */
  | {
    kind: "unreadable";
    reason: string;
    /** The system refuses access; after a new login codex could not read it either. */
    denied?: true;
  }
  /** It might be in the keyring, and codex could not be asked. */
  | { kind: "unknown" };

/** What the text of an auth.json says; null unless it is a complete JSON object. */
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
  // As in codex: a stated mode wins; without one, a key wins over tokens.
  if (auth.auth_mode === "chatgpt") return hasTokens ? "chatgpt" : "empty";
  if (auth.auth_mode !== undefined && auth.auth_mode !== null) return "api_key";
  if (hasKey) return "api_key";
  return hasTokens ? "chatgpt" : "empty";
}

/** How long an incomplete auth.json is read again (codex rewrites it in place), in ms. */
const REREAD_MS = 400;

/**
 * Looks at the login. Needs no network and, keyrings aside, no process.
 * @param codexPath names the codex to ask about a keyring
 */
export async function readLogin(codexPath: () => string): Promise<Login> {
  const path = `${codexHome()}/auth.json`;
  const until = new Deadline(REREAD_MS);
  while (true) {
    let text: string;
    let mode: number;
    try {
      const info = Deno.statSync(path);
      if (!info.isFile) {
        return { kind: "unreadable", reason: `${path} is not a file` };
      }
      mode = info.mode ?? 0;
      text = Deno.readTextFileSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) {
        return await withoutFile(codexPath, path);
      }
      return {
        kind: "unreadable",
        reason: `${path}: ${reasonOf(error)}`,
        ...(isRefusal(error) && { denied: true }),
      };
    }
    const found = classifyAuth(text);
    if (found === "chatgpt") {
      return { kind: "chatgpt", exposed: isExposed(mode) };
    }
    if (found === "api_key") return { kind: "api_key" };
    if (found === "empty") {
      return { kind: "none", reason: `${path} holds no login` };
    }
    if (until.passed) {
      return { kind: "none", reason: `${path} is not valid JSON` };
    }
    await sleep(20);
  }
}

/** Permission denied, or a file in the place of a directory. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Deno.errors.PermissionDenied ||
  error instanceof Deno.errors.NotADirectory;

/** By the mode of the file itself: a link to it, as dotfile managers make, has none. */
const isExposed = (mode: number): boolean =>
  Deno.build.os !== "windows" && (mode & 0o044) !== 0;

/** No auth.json proves nothing where config.toml keeps credentials in the keyring. */
async function withoutFile(
  codexPath: () => string,
  path: string,
): Promise<Login> {
  const store = topLevelString(readConfigToml(), "cli_auth_credentials_store");
  const missing: Login = { kind: "none", reason: `${path} is missing` };
  if (store !== "keyring" && store !== "auto") return missing;
  if (!mayRun(codexPath())) return { kind: "unknown" };
  try {
    const asked = await runProgram(codexPath(), ["login", "status"], {
      env: blankedSecrets(),
      timeoutMs: 5000,
    });
    return loginStatus(asked.code, asked.stdout + asked.stderr);
  } catch {
    return { kind: "unknown" }; // reported when codex is needed
  }
}

/** What `codex login status` said. */
function loginStatus(code: number, said: string): Login {
  if (code === 0 && /chatgpt/i.test(said)) {
    return { kind: "chatgpt", exposed: false };
  }
  if (code === 0 && /api key/i.test(said)) return { kind: "api_key" };
  if (/^not logged in/im.test(said)) {
    return { kind: "none", reason: "the keyring holds no login" };
  }
  const [why] = said.trim().split("\n").slice(-1);
  return { kind: "unreadable", reason: `codex says: ${why || "nothing"}` };
}
