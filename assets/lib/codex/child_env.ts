/** The environment that codex gets: the user's, without what would change who pays or where it goes. */
import { readEnv } from "../system/env.ts";

/**
 * Names that never reach codex. CODEX_API_KEY switches a ChatGPT login to API billing,
 * CODEX_ACCESS_TOKEN replaces it, the URL names send it elsewhere, LD_ and DYLD_ names
 * put foreign code into it.
 */
export const SECRET_NAMES: readonly string[] = [
  "OPENAI_API_KEY",
  "CODEX_API_KEY",
  "CODEX_ACCESS_TOKEN",
  "OPENAI_BASE_URL",
  "CODEX_REFRESH_TOKEN_URL_OVERRIDE",
  "CODEX_REVOKE_TOKEN_URL_OVERRIDE",
  "LD_PRELOAD",
  "LD_LIBRARY_PATH",
  "LD_AUDIT",
  "DYLD_INSERT_LIBRARIES",
  "DYLD_LIBRARY_PATH",
];

/**
 * The secret names, each blank: set over an inherited environment where a program only
 * answers a question. For turns the names are unset (see `noted_exec.sh`): codex takes a
 * blank URL for a URL.
 */
export const blankedSecrets = (): Record<string, string> =>
  Object.fromEntries(SECRET_NAMES.map((name) => [name, ""]));

/** What the SDK's codex inherits: the SDK's `env` replaces everything else. */
export const ALLOWED_NAMES: readonly string[] = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "LC_ALL",
  "LC_CTYPE",
  "TERM",
  "COLORTERM",
  "TZ",
  "TMPDIR",
  "TMP",
  "TEMP",
  "CODEX_HOME",
  "CODEX_CA_CERTIFICATE",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "all_proxy",
  "no_proxy",
  "XDG_CONFIG_HOME",
  "XDG_CACHE_HOME",
  "XDG_DATA_HOME",
  "XDG_RUNTIME_DIR",
  "DBUS_SESSION_BUS_ADDRESS",
  "SSH_AUTH_SOCK",
  "RUST_LOG",
  // Windows finds nothing without these.
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
  "SYSTEMROOT",
  "COMSPEC",
  "PATHEXT",
];

/** The allowed part of this process's environment. */
export function allowedEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of ALLOWED_NAMES) {
    const value = readEnv(name);
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
