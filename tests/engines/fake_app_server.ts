/**
 * A codex that speaks the app-server's protocol from a script: each request of the client
 * is answered, then what the script has for its method is sent as it stands. What the
 * client says goes into the file `heard`.
 *
 * Arguments: the path of the script, then codex's own.
 */

/** What is sent and done, by the client's method; `answer:ID` for its answer to a request. */
export type Script = Record<string, (string | Record<string, unknown>)[]>;

const THREAD = "01a1fe8e-d5c8-77c3-a907-824799b88933";

/** Results that let a turn run unless the script has a `result:METHOD`. */
const RESULTS: Record<string, unknown> = {
  initialize: { userAgent: "fake/0.0.0" },
  "config/read": {
    config: {
      sandbox_mode: null,
      sandbox_workspace_write: null,
      mcp_servers: {},
    },
  },
  "thread/start": {
    thread: { id: THREAD },
    model: "m",
    sandbox: { type: "readOnly", networkAccess: false },
    reasoningEffort: null,
  },
  "turn/start": { turn: { id: "u1", status: "inProgress", error: null } },
};

/** Notifications that a script may name by a word. */
const WORDS: Record<string, unknown[]> = {
  started: [notice("turn/started", { turn: turn("inProgress") })],
  said: [
    notice("item/completed", {
      item: { type: "agentMessage", id: "m", text: "fine", phase: null },
    }),
  ],
  completed: [notice("turn/completed", { turn: turn("completed") })],
};

function notice(method: string, params: Record<string, unknown>) {
  return { method, params: { threadId: THREAD, turnId: "u1", ...params } };
}

function turn(status: string) {
  return { id: "u1", status, error: null };
}

async function main(path: string): Promise<void> {
  const script: Script = JSON.parse(Deno.readTextFileSync(path));
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of Deno.stdin.readable) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      Deno.writeTextFileSync(`${path}.heard`, `${line}\n`, { append: true });
      await hear(script, JSON.parse(line));
    }
  }
}

async function hear(
  script: Script,
  { id, method }: { id?: number; method?: string },
): Promise<void> {
  if (method !== undefined && id !== undefined) {
    const own = script[`result:${method}`]?.[0];
    const answer = own ?? { result: RESULTS[method] ?? {} };
    say({ id, ...answer as Record<string, unknown> });
  }
  for (const step of script[method ?? `answer:${id}`] ?? []) {
    if (typeof step !== "string") say(step);
    else if (WORDS[step]) WORDS[step].forEach(say);
    else if (step.startsWith("exit ")) Deno.exit(Number(step.slice(5)));
    else if (step.startsWith("kill ")) {
      Deno.kill(Deno.pid, step.slice(5) as Deno.Signal);
    } else if (step.startsWith("stderr ")) {
      await write(Deno.stderr, step.slice(7) + "\n");
    } else if (step === "noise") {
      await write(Deno.stderr, "e".repeat(1_000_000));
    } else await write(Deno.stdout, step);
  }
}

const say = (message: unknown): void => {
  const bytes = new TextEncoder().encode(JSON.stringify(message) + "\n");
  for (let done = 0; done < bytes.length;) {
    done += Deno.stdout.writeSync(bytes.subarray(done));
  }
};

async function write(
  to: typeof Deno.stdout,
  text: string,
): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) {
    done += await to.write(bytes.subarray(done));
  }
}

if (import.meta.main) await main(Deno.args[0]!);
