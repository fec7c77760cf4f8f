/** Runs the real `codex exec` in a home of its own, for tests of the loopback server itself. */

import { findCodex } from "./codex_binary.ts";
import { createHome, createRepo, type Home, type HomeOptions } from "./home.ts";
import { type ModelServer, startModelServer } from "./model_server.ts";

/** One line of `codex exec --experimental-json`. */
export interface ExecEvent {
  type: string;
  item?: { type: string; text?: string; [field: string]: unknown };
  error?: { message: string };
  [field: string]: unknown;
}

/** What a finished run left. */
export interface ExecResult {
  code: number;
  events: ExecEvent[];
  stderr: string;
  /** The text of the last agent message; undefined when there was none. */
  finalText: string | undefined;
  /** `TYPE` of each event, `TYPE ITEM` for those of items. */
  seen: string[];
}

/** A server, a home and a repository, gone at the end of the scope. */
export interface Stage extends AsyncDisposable {
  server: ModelServer;
  home: Home;
  repo: string;
  /** Starts `codex exec` with `prompt` on its stdin. */
  start(prompt: string, args?: string[]): Promise<Deno.ChildProcess>;
  /** Runs it to its end. */
  run(prompt: string, args?: string[]): Promise<ExecResult>;
}

/** Sets a stage. */
export async function stage(
  options: Omit<HomeOptions, "modelUrl"> = {},
): Promise<Stage> {
  const codex = await findCodex();
  const server = await startModelServer();
  const home = await createHome({ ...options, modelUrl: server.url });
  const repo = await createRepo(home);
  const start = async (prompt: string, args: string[] = []) => {
    const child = new Deno.Command(codex, {
      args: ["exec", "--experimental-json", ...args],
      cwd: repo,
      clearEnv: true,
      env: home.env,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(prompt));
    await writer.close();
    return child;
  };
  return {
    server,
    home,
    repo,
    start,
    async run(prompt, args) {
      return readResult(await (await start(prompt, args)).output());
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await home.dispose();
    },
  };
}

function readResult(output: Deno.CommandOutput): ExecResult {
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const events = decode(output.stdout).split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ExecEvent);
  return {
    code: output.code,
    events,
    stderr: decode(output.stderr),
    finalText: events.findLast((event) => event.item?.type === "agent_message")
      ?.item?.text,
    seen: events.map((event) =>
      event.item === undefined ? event.type : `${event.type} ${event.item.type}`
    ),
  };
}
