/**
 * `deno task demo`: one turn from set-up to answer before the reader's eyes, with the real codex and a model that plays
 * on this machine. Needs no account, uses no quota, leaves nothing behind.
 */

import { dirname, join } from "@std/path";
import { ANSWER, play } from "./demo/model.ts";
import { openTerminal } from "./demo/terminal.ts";
import { ROOT } from "./lab.ts";
import { findCodex } from "./loopback/codex_binary.ts";
import { createHome, createRepo } from "./loopback/home.ts";
import { startModelServer } from "./loopback/model_server.ts";

const PROMPT = "What is in this directory?";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  if (signal === "SIGTERM" && Deno.build.os === "windows") continue;
  Deno.addSignalListener(signal, () => stop.abort());
}

try {
  await demo(stop.signal);
} catch (error) {
  if (stop.signal.aborted) Deno.exit(130);
  const what = error instanceof Error ? error.message : String(error);
  console.error(`\nThe demo failed: ${what}`);
  Deno.exit(1);
}
Deno.exit(0);

async function demo(signal: AbortSignal): Promise<void> {
  const codex = await findCodex();
  await using model = withDispose(
    await startModelServer({ play }),
    (server) => server.close(),
  );
  await using home = withDispose(
    await createHome({ modelUrl: model.url }),
    (home) => home.dispose(),
  );
  const repo = await createRepo(home, "my-project");
  const path = [dirname(codex), dirname(Deno.execPath()), home.env.PATH];
  const env = { ...home.env, PATH: path.join(":"), NO_COLOR: "1" };
  const terminal = openTerminal({ cwd: repo, env, signal });
  const { heading, line, run } = terminal;
  // Whatever happens: the worker goes before its home does.
  await using _turn = {
    async [Symbol.asyncDispose]() {
      await endTurns(env);
    },
  };

  line(
    "A turn of codex-server with the real codex. The home directory is thrown away at the end,\n" +
      "and the model is a small server on this machine: no account is needed, no quota used.",
  );

  heading("Set up: pin codex, install the library and its launcher");
  await run("codex --version");
  await run(`deno run -A ${quoted(join(ROOT, "assets/lib/setup.ts"))}`);

  heading("Start a turn: the answer is its id, at once");
  const cli = "~/.codex-server/bin/codex-server";
  const before = performance.now();
  const started = await run(`${cli} new "${PROMPT}"`);
  const elapsed = Math.round(performance.now() - before);
  const { turn_id: turnId } = JSON.parse(started);
  line(`(${elapsed} ms; a detached worker goes on with the turn)`);

  heading("Follow it");
  await run(`${cli} tail --follow`);

  heading("Collect it, now or next week");
  await run(`${cli} status ${turnId}`);
  const answer = await run(`${cli} result ${turnId}`);

  heading("All of it lies in plain files");
  await run(`ls -l ~/.codex-server/turns/${turnId}`);

  heading("What the model was sent");
  const requests = model.turns();
  for (const { method, path, headers, body } of requests) {
    line(`${method} ${path}  ${headers["user-agent"]}  model ${body?.model}`);
  }
  const prompt = requests[0]?.prompt;
  line(`prompt: ${JSON.stringify(prompt)}`);
  for (const { output } of requests.at(-1)?.toolOutputs ?? []) {
    line(`output of its command: ${JSON.stringify(output)}`);
  }

  expect("the prompt that the model received", prompt, PROMPT);
  expect("the answer that came back", answer.trim(), ANSWER);
  line("\nThat was all: prompt and answer came through whole.");
}

/** Cancels what is still running in the demo's home, and waits for its end. */
async function endTurns(env: Record<string, string>): Promise<void> {
  const script = `cli=~/.codex-server/bin/codex-server; [ -x "$cli" ] || exit 0
     "$cli" status 2>/dev/null | grep -q '"state":"running"' || exit 0
     "$cli" cancel; "$cli" wait --timeout 10`;
  await new Deno.Command("sh", {
    args: ["-c", script],
    cwd: env.HOME!,
    clearEnv: true,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
}

function expect(what: string, actual: unknown, expected: string): void {
  if (actual === expected) return;
  throw new Error(
    `${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`,
  );
}

/** `value`, disposed of by `dispose` at the end of its scope. */
function withDispose<T extends object>(
  value: T,
  dispose: (value: T) => Promise<void>,
): T & AsyncDisposable {
  return Object.assign(value, {
    [Symbol.asyncDispose]: () => dispose(value),
  });
}

/** `text` as one word of sh. */
function quoted(text: string): string {
  return /^[\w/.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
