/**
 * A `codex app-server` that plays a script, for what the real one asks only of servers and
 * tools that a test does not have. Speaks on stdio: `fake_app_server.ts SCRIPT.json`.
 *
 * The script is a list of steps. Every answer is appended to `SCRIPT.json.answers`; a file
 * `SCRIPT.json.resolved` makes it say that somebody else has answered what waits.
 */
import { existsSync } from "@std/fs/exists";
import { LineSplitter } from "../../assets/lib/events/jsonl.ts";
import type { FakeAnswer, FakeStep } from "./pin_app_server.ts";

const THREAD = "01a1fe8e-d5c8-77c3-a907-824799b88933";
const TURN = "01a1fe8e-d5c8-77c3-a907-000000000001";
const script = Deno.args[0]!;

const waiting = new Map<number, (answer: FakeAnswer | null) => void>();
let asked = 0;

function say(message: unknown): void {
  Deno.stdout.writeSync(
    new TextEncoder().encode(JSON.stringify(message) + "\n"),
  );
}

function notify(method: string, params: Record<string, unknown>): void {
  say({ method, params: { threadId: THREAD, turnId: TURN, ...params } });
}

// deno-lint-ignore no-explicit-any
function take(message: any): void {
  if (message.method === undefined) {
    const answer: FakeAnswer = { result: message.result, error: message.error };
    waiting.get(message.id)?.(answer);
    return;
  }
  const result = RESULTS[message.method];
  if (message.id !== undefined) say({ id: message.id, result: result ?? {} });
  if (message.method === "turn/start") playScript();
  if (message.method === "turn/interrupt") end("interrupted");
}

const turn = (status: string) => ({ id: TURN, items: [], status, error: null });

const RESULTS: Record<string, unknown> = {
  initialize: { userAgent: "fake/0.0.0" },
  "thread/start": { thread: { id: THREAD }, sandbox: { type: "readOnly" } },
  "turn/start": { turn: turn("inProgress") },
};

async function playScript(): Promise<void> {
  const steps: FakeStep[] = JSON.parse(Deno.readTextFileSync(script));
  notify("turn/started", { turn: turn("inProgress") });
  for (const step of steps) {
    if ("hang" in step) return;
    if ("notify" in step) notify(step.notify.method, step.notify.params);
    else await Promise.all(step.ask.map(ask));
  }
  const item = { type: "agentMessage", id: "last", text: "Played." };
  notify("item/started", { item });
  notify("item/completed", { item });
  end("completed");
}

const end = (status: string) =>
  notify("turn/completed", { turn: turn(status) });

/** Asks, and waits for the answer or until somebody else is said to have given it. */
async function ask(
  { method, params }: { method: string; params: Record<string, unknown> },
): Promise<void> {
  const id = ++asked;
  const poll = setInterval(() => {
    if (!existsSync(`${script}.resolved`)) return;
    notify("serverRequest/resolved", { requestId: id });
    waiting.get(id)?.(null);
  }, 10);
  const answer = await new Promise<FakeAnswer | null>((resolve) => {
    waiting.set(id, resolve);
    say({
      id,
      method,
      params: { threadId: THREAD, turnId: TURN, itemId: `i${id}`, ...params },
    });
  });
  clearInterval(poll);
  waiting.delete(id);
  if (answer === null) return;
  Deno.writeTextFileSync(`${script}.answers`, JSON.stringify(answer) + "\n", {
    append: true,
  });
}

const decoder = new TextDecoderStream();
const splitter = new LineSplitter();
for await (const text of Deno.stdin.readable.pipeThrough(decoder)) {
  for (const line of splitter.push(text)) take(JSON.parse(line));
}
Deno.exit(0);
