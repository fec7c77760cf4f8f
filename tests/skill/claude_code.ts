/** Claude Code, the skill's host: finds it, installs it from npm where PATH has none, and runs it headless. */

import { join } from "@std/path";
import { type Ran, ranOf } from "../lab.ts";
import { cacheDirectory } from "../loopback/cache_directory.ts";

/** The version that the skill is tested in. */
export const CLAUDE_CODE_VERSION = "2.1.332";

/** One line of `--output-format stream-json`. */
// deno-lint-ignore no-explicit-any
export type StreamLine = { type: string; [field: string]: any };

/** What a headless run left. */
export interface Conversation {
  code: number;
  stderr: string;
  lines: StreamLine[];
  /** The closing line. */
  result: StreamLine | undefined;
}

/** The program's path: PATH's own when it has the tested version, else one in the cache directory; null without npm. */
export async function findClaudeCode(): Promise<string | null> {
  if (await hasTestedVersion("claude")) return "claude";
  const directory = join(
    cacheDirectory(),
    `claude-code-${CLAUDE_CODE_VERSION}`,
  );
  const installed = join(directory, "node_modules", ".bin", "claude");
  if (await hasTestedVersion(installed)) return installed;
  try {
    await installClaudeCode(directory);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  return installed;
}

async function hasTestedVersion(program: string): Promise<boolean> {
  try {
    const { stdout } = await new Deno.Command(program, {
      args: ["--version"],
      env: QUIET,
    }).output();
    return new TextDecoder().decode(stdout).startsWith(
      `${CLAUDE_CODE_VERSION} `,
    );
  } catch {
    return false;
  }
}

async function installClaudeCode(directory: string): Promise<void> {
  await Deno.mkdir(directory, { recursive: true });
  console.error(`Installing Claude Code ${CLAUDE_CODE_VERSION}`);
  const { success } = await new Deno.Command("npm", {
    args: [
      "install",
      "--no-audit",
      "--no-fund",
      "--prefix",
      directory,
      `@anthropic-ai/claude-code@${CLAUDE_CODE_VERSION}`,
    ],
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot install Claude Code in "${directory}"`);
}

/** Keeps Claude Code from everything but the Messages API that it is pointed at. */
const QUIET = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
  DISABLE_TELEMETRY: "1",
  DISABLE_ERROR_REPORTING: "1",
};

/** Runs `claude ARGS…` to its end. */
export async function plain(
  claude: string,
  args: string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<Ran> {
  return await ranOf(
    new Deno.Command(claude, {
      args,
      cwd,
      clearEnv: true,
      env: { ...env, ...QUIET },
      stdin: "null",
    }).output(),
  );
}

/** Runs `claude -p PROMPT` to its end; `apiUrl` is a Messages API that needs no key. */
export async function converse(
  claude: string,
  { prompt, apiUrl, allowedTools, cwd, env }: {
    prompt: string;
    apiUrl: string;
    allowedTools: string[];
    cwd: string;
    env: Record<string, string>;
  },
): Promise<Conversation> {
  const { code, stdout, stderr } = await new Deno.Command(claude, {
    args: [
      "-p",
      prompt,
      "--output-format",
      "stream-json",
      "--verbose",
      "--allowedTools",
      ...allowedTools,
    ],
    cwd,
    clearEnv: true,
    env: {
      ...env,
      ...QUIET,
      ANTHROPIC_BASE_URL: apiUrl,
      ANTHROPIC_API_KEY: "loopback",
    },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const lines = text(stdout).split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line) as StreamLine);
  return {
    code,
    stderr: text(stderr),
    lines,
    result: lines.findLast(({ type }) => type === "result"),
  };
}
