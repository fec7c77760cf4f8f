/** What must be true before a turn is made; every refusal names problem and fix. */
import { CliError } from "../cli/errors.ts";
import { readLogin } from "../codex/auth.ts";
import { accessMend } from "../codex/home_trouble.ts";
import {
  checkPinnedBinary,
  type InstallConfig,
  readInstallConfig,
} from "../codex/install_config.ts";
import { lstatIfExists } from "../system/files.ts";
import { gitTopLevel } from "../system/repository.ts";
import { hasOtherContent } from "../setup/changed_codex.ts";
import { LAUNCHER, VERSION } from "../version.ts";
import { installedLib } from "../system/paths.ts";

const SETUP = `run setup again: ${LAUNCHER} setup`;

const SETUP_HERE = "run this skill's setup.ts to update it";

/**
 * The configuration that setup wrote, its pinned binary checked.
 * @throws {CliError} `not_set_up`, `bad_config` or `codex_missing`
 */
export async function requireCodex(
  warn: (line: string) => void,
): Promise<InstallConfig> {
  const reading = readInstallConfig();
  if (reading.kind === "missing") {
    const hint = lstatIfExists(installedLib())
      ? SETUP
      : "run setup.ts of the skill first";
    throw new CliError(
      "not_set_up",
      "codex-server is not set up",
      hint,
    );
  }
  if (reading.kind === "malformed") {
    throw new CliError(
      "bad_config",
      `~/.codex-server/config.json cannot be used: ${reading.reason}`,
      SETUP,
    );
  }
  const { config } = reading;
  const binary = checkPinnedBinary(config.codex_path, config.codex_fingerprint);
  if (binary.kind === "broken") {
    throw new CliError(
      "codex_missing",
      `The pinned codex ${config.codex_path} ${binary.reason}`,
      SETUP,
    );
  }
  if (isOlder(config.library_version, VERSION)) {
    warn(
      `the installed library ${config.library_version} is older than this one, ${VERSION}; ${SETUP_HERE}`,
    );
  }
  if (binary.changed && await hasOtherContent(config)) {
    warn(`codex at ${config.codex_path} has changed since setup; ${SETUP}`);
  }
  return config;
}

/** Whether version `a` comes before `b`; both like `1.2.3`. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (left![part] || 0) - (right![part] || 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** The guide that a user without a login needs. */
const LOGIN_GUIDE =
  "log in with your ChatGPT account: run `codex login`, finish in the " +
  "browser (without one: `codex login --device-auth`), then try again";

/**
 * Requires a ChatGPT login.
 * @throws {CliError} `not_logged_in` or `api_key_login`
 */
export async function requireLogin(
  warn: (line: string) => void,
): Promise<void> {
  const login = await readLogin(() => {
    const reading = readInstallConfig();
    return reading.kind === "ok" ? reading.config.codex_path : "codex";
  });
  if (login.kind === "none") {
    throw new CliError(
      "not_logged_in",
      `Not logged in: ${login.reason}`,
      LOGIN_GUIDE,
    );
  }
  if (login.kind === "unreadable") {
    throw new CliError(
      "not_logged_in",
      `The login cannot be read: ${login.reason}`,
      login.denied
        ? `${accessMend()}; then, if nobody is logged in, ${LOGIN_GUIDE}`
        : `mend that, or ${LOGIN_GUIDE}`,
    );
  }
  if (login.kind === "api_key") {
    throw new CliError(
      "api_key_login",
      "auth.json holds an API key, and this tool uses the ChatGPT login only",
      `the file was left as it is; ${LOGIN_GUIDE}`,
    );
  }
  if (login.kind === "chatgpt" && login.exposed) {
    warn("auth.json can be read by others; chmod 600 it");
  }
}

/** Codex refuses to work outside a git repository; so do we, before a turn is made. */
export function requireRepository(cwd: string): void {
  if (gitTopLevel(cwd) !== null) return;
  throw new CliError(
    "not_a_repository",
    `${cwd} is not inside a git repository`,
    "run it in one, or add --skip-git-check",
  );
}
