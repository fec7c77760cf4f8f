/** A throw-away home directory in which the real codex meets nothing but the loopback model server. */

import { join } from "@std/path";
import { accessToken, ACCOUNT_ID } from "./access_token.ts";
import { cacheDirectory } from "./cache_directory.ts";

/** What a home is made for. */
export interface HomeOptions {
  /** The `url` of a model server. */
  modelUrl: string;
  /** `gpt-5.5` unless given: the one model that is offered plain tools. */
  model?: string;
  /** `none` for a home without a login; else it has one of ChatGPT. */
  auth?: "none";
  /** More of config.toml: top-level keys first, then tables. */
  config?: string;
  /** More keys of the provider's table, e.g. `request_max_retries = 0`. */
  provider?: string;
}

/** A home directory of its own. */
export interface Home {
  home: string;
  codexHome: string;
  /**
   * The whole environment for whatever runs in this home: HOME and PATH, where Deno's cache and the registries of the
   * outer user are, and the loopback server for token refreshes.
   */
  env: Record<string, string>;
  /** Removes the home, waiting a little for dying processes that still write there. */
  dispose(): Promise<void>;
}

/**
 * Makes a home. It lies in the user's cache directory, since codex refuses to put its helper programs under the
 * system's temporary one.
 */
export async function createHome(options: HomeOptions): Promise<Home> {
  const { modelUrl, model = "gpt-5.5", auth } = options;
  const parent = cacheDirectory();
  await Deno.mkdir(parent, { recursive: true });
  const home = await Deno.makeTempDir({ dir: parent, prefix: "home-" });
  const codexHome = join(home, ".codex");
  await Deno.mkdir(codexHome, { mode: 0o700 });
  await Deno.writeTextFile(
    join(codexHome, "config.toml"),
    configToml({ ...options, model }),
  );
  if (auth !== "none") {
    await Deno.writeTextFile(join(codexHome, "auth.json"), authJson(), {
      mode: 0o600,
    });
  }
  return {
    home,
    codexHome,
    env: environment(home, modelUrl),
    dispose: () => removeSoon(home),
  };
}

/** Makes a git repository with one commit in `home` and returns its path. */
export async function createRepo(home: Home, name = "repo"): Promise<string> {
  const directory = join(home.home, name);
  await Deno.mkdir(directory, { recursive: true });
  await Deno.writeTextFile(join(directory, "README.md"), `# ${name}\n`);
  await git(home, directory, ["init", "-q", "-b", "main"]);
  await git(home, directory, ["config", "user.name", "Loopback"]);
  await git(home, directory, ["config", "user.email", "loopback@example.com"]);
  await git(home, directory, ["add", "README.md"]);
  await git(home, directory, ["commit", "-q", "-m", "Start"]);
  return directory;
}

async function git(home: Home, cwd: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("git", {
    args,
    cwd,
    clearEnv: true,
    env: home.env,
  }).output();
  if (!success) {
    throw new Error(
      `Cannot run git ${args[0]}: ${new TextDecoder().decode(stderr)}`,
    );
  }
}

function configToml(
  { modelUrl, model, config = "", provider = "" }: HomeOptions & {
    model: string;
  },
): string {
  return `model = ${JSON.stringify(model)}
model_provider = "loopback"
chatgpt_base_url = "${modelUrl}/backend-api"
check_for_update_on_startup = false
${config}

[model_providers.loopback]
name = "loopback"
base_url = "${modelUrl}/v1"
wire_api = "responses"
requires_openai_auth = true
supports_websockets = false
${provider}
`;
}

function authJson(): string {
  const token = accessToken();
  return JSON.stringify(
    {
      auth_mode: "chatgpt",
      OPENAI_API_KEY: null,
      tokens: {
        id_token: token,
        access_token: token,
        refresh_token: "loopback-refresh-token",
        account_id: ACCOUNT_ID,
      },
      last_refresh: new Date().toISOString(),
    },
    null,
    2,
  );
}

/** What Deno needs to reach the registries on the outer user's network. */
const REGISTRY_NAMES = [
  "JSR_URL",
  "NPM_CONFIG_REGISTRY",
  "HTTPS_PROXY",
  "https_proxy",
  "DENO_CERT",
  "DENO_TLS_CA_STORE",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_DIR",
  "SSL_CERT_FILE",
];

function environment(home: string, modelUrl: string): Record<string, string> {
  const outer = Deno.env.toObject();
  const env: Record<string, string> = {
    HOME: home,
    PATH: outer.PATH ?? "/usr/bin:/bin",
    DENO_DIR: denoDirectory(outer),
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${modelUrl}/oauth/token`,
  };
  for (const [name, value] of Object.entries(outer)) {
    if (REGISTRY_NAMES.includes(name) || name.startsWith("npm_config_")) {
      env[name] = value;
    }
  }
  return env;
}

/** Deno's cache of the outer user, so that a Deno in the home finds what is cached already. */
function denoDirectory(outer: Record<string, string>): string {
  if (outer.DENO_DIR) return outer.DENO_DIR;
  const home = outer.HOME ?? "/";
  return Deno.build.os === "darwin"
    ? join(home, "Library", "Caches", "deno")
    : join(outer.XDG_CACHE_HOME || join(home, ".cache"), "deno");
}

async function removeSoon(directory: string): Promise<void> {
  for (let attempt = 1;; attempt += 1) {
    try {
      return await Deno.remove(directory, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      if (attempt === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
