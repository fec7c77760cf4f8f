/** A throw-away home to set codex-server up in, with a PATH that holds nothing but what a test puts there. */
import { copy } from "@std/fs/copy";
import { fromFileUrl, join } from "@std/path";
import { ranOf } from "../lab.ts";
import { createHome } from "../loopback/home.ts";

/** The repository, whose root is the skill. */
export const SKILL = fromFileUrl(new URL("../../", import.meta.url)).replace(
  /\/$/,
  "",
);

/** The permissions that the skill's first instructions name for setup. */
export const SEED_PERMISSIONS = [
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run=mise,codex,which",
];

/** Programs that scripts on the test's PATH may need. */
const TOOLS = ["sh", "env", "cat", "sleep", "basename"];

/** How a program ended and what it said. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export interface SetupRun {
  /** `-A` unless given. */
  permissions?: string[];
  /** The skill's folder to run setup.ts from; the repository unless given. */
  skill?: string;
  cwd?: string;
  env?: Record<string, string>;
}

export interface Place extends AsyncDisposable {
  home: string;
  /** `~/.codex-server`. */
  root: string;
  /** The only directory on PATH. */
  bin: string;
  /** What setup writes for people to run. */
  launcher: string;
  /** The whole environment of what runs here. */
  env: Record<string, string>;
  /** Runs setup.ts as a user does. */
  setup(args?: string[], run?: SetupRun): Promise<Ended>;
  /** Runs any program here. */
  run(
    command: string,
    args?: string[],
    options?: { cwd?: string; env?: Record<string, string>; stdin?: string },
  ): Promise<Ended>;
  /** The pins, as config.json has them. */
  // deno-lint-ignore no-explicit-any
  config(): any;
}

/** Makes a place; without `codex: "none"`, its PATH has a small codex that knows its version. */
export async function createPlace(
  { codex = "1.2.3" }: { codex?: string } = {},
): Promise<Place> {
  const home = await createHome({ modelUrl: "http://127.0.0.1:9" });
  const bin = join(home.home, "bin");
  await Deno.mkdir(bin);
  for (const tool of TOOLS) {
    await Deno.symlink(outerProgram(tool)!, join(bin, tool));
  }
  const root = join(home.home, ".codex-server");
  const env = { ...home.env, PATH: bin };
  const run: Place["run"] = async (command, args = [], options = {}) => {
    const child = new Deno.Command(command, {
      args,
      clearEnv: true,
      env: { ...env, ...options.env },
      cwd: options.cwd ?? home.home,
      stdin: options.stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    if (options.stdin !== undefined) {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(options.stdin));
      await writer.close();
    }
    return await ranOf(child.output());
  };
  if (codex !== "none") await writeCodex(join(bin, "codex"), codex);
  return {
    home: home.home,
    root,
    bin,
    launcher: join(root, "bin/codex-server"),
    env,
    run,
    setup: (args = [], { permissions = ["-A"], skill = SKILL, ...rest } = {}) =>
      run(Deno.execPath(), [
        "run",
        "-q",
        ...permissions,
        join(skill, "assets/lib/setup.ts"),
        ...args,
      ], rest),
    config: () => JSON.parse(Deno.readTextFileSync(join(root, "config.json"))),
    [Symbol.asyncDispose]: () => home.dispose(),
  };
}

/** The path of a program on the PATH of the tests themselves. */
export function outerProgram(name: string): string | null {
  for (const dir of (Deno.env.get("PATH") ?? "").split(":")) {
    const path = join(dir, name);
    try {
      if (Deno.statSync(path).isFile) return path;
    } catch {
      // Not here.
    }
  }
  return null;
}

/** Writes an executable script. */
export async function writeScript(path: string, body: string): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, `#!/bin/sh\n${body}\n`);
  await Deno.chmod(path, 0o755);
}

/** Writes a codex that only knows its version, and how to shake hands as an app-server. */
export const writeCodex = (path: string, version: string): Promise<void> =>
  writeScript(
    path,
    `case $1 in
  --version) echo "codex-cli ${version}" ;;
  app-server)
    read -r _
    echo '{"id":0,"result":{"userAgent":"codex/${version}"}}'
    cat >/dev/null
    ;;
  *) exit 1 ;;
esac`,
  );

/** Copies the skill's folder, as an installation of the plugin does. */
export async function copySkill(to: string): Promise<string> {
  await Deno.mkdir(to, { recursive: true });
  for (const name of ["assets", "deno.json", "package.json"]) {
    await copy(join(SKILL, name), join(to, name));
  }
  return to;
}

/** Registers tests, each in a place of its own. */
const inPlaces = (codex: string) => ({
  test: (name: string, run: (place: Place) => Promise<void>): void =>
    Deno.test({
      name,
      // Whatever it opens, it closes.
      ...{ sanitizeOps: true, sanitizeResources: true },
      fn: async () => {
        await using place = await createPlace({ codex });
        await run(place);
      },
    }),
});

/** Tests in a place whose PATH has codex 1.2.3. */
export const withCodex = inPlaces("1.2.3");

/** Tests in a place whose PATH has no codex. */
export const withoutCodex = inPlaces("none");
