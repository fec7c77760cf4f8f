/** The least that a client of `codex app-server` can do, to measure what the tool adds. */
import { LineSplitter } from "../assets/lib/events/jsonl.ts";
import type { Lab } from "./lab.ts";

/** Milliseconds since the epoch, with their fractions. */
const now = (): number => performance.timeOrigin + performance.now();

/** When text was seen, in milliseconds since the epoch, and the text up to then. */
interface Sighting {
  at: number;
  text: string;
}

/** Runs one turn by hand; tells when codex was started and when its text came. */
export async function bareTurn(
  lab: Lab,
  prompt: string,
): Promise<{ startedAt: number; seen: Sighting[] }> {
  const startedAt = now();
  const child = new Deno.Command(lab.codex, {
    args: ["app-server"],
    cwd: lab.repo,
    clearEnv: true,
    env: lab.env,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const say = (message: unknown) =>
    writer.write(new TextEncoder().encode(JSON.stringify(message) + "\n"));
  const clientInfo = { name: "bare", title: "bare", version: "0" };
  await say({ id: 0, method: "initialize", params: { clientInfo } });
  const seen: Sighting[] = [];
  let text = "";
  const splitter = new LineSplitter();
  read: for await (
    const piece of child.stdout.pipeThrough(new TextDecoderStream())
  ) {
    for (const line of splitter.push(piece)) {
      const { id, method, result, params } = JSON.parse(line);
      if (id === 0) {
        await say({ method: "initialized" });
        const start = { cwd: lab.repo, approvalPolicy: "never" };
        await say({ id: 1, method: "thread/start", params: start });
      } else if (id === 1) {
        const input = [{ type: "text", text: prompt, text_elements: [] }];
        const turn = { threadId: result.thread.id, input };
        await say({ id: 2, method: "turn/start", params: turn });
      } else if (method === "item/agentMessage/delta") {
        text += params.delta;
        seen.push({ at: now(), text });
      } else if (method === "turn/completed") break read;
    }
  }
  await writer.close();
  await child.status;
  return { startedAt, seen };
}
