/** The least that a program must do to get words out of `codex app-server`: what our engine is measured against. */

import { RpcConnection } from "../../assets/lib/codex/rpc.ts";
import type { Stage } from "./stage.ts";

/** How long from the start of codex to the first word of the answer, in ms. */
export async function bareFirstText(
  { lab }: Stage,
  prompt: string,
): Promise<number> {
  const started = performance.now();
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
  const first = Promise.withResolvers<number>();
  const over = Promise.withResolvers<void>();
  const rpc = new RpcConnection({
    incoming: child.stdout.pipeThrough(new TextDecoderStream()),
    send: (line) => writer.write(new TextEncoder().encode(line)),
  }, {
    notification({ method }) {
      if (method === "item/agentMessage/delta") {
        first.resolve(performance.now() - started);
      }
      if (method === "turn/completed") over.resolve();
    },
    request() {},
    stray() {},
  });
  const call = <T>(method: string, params: unknown) =>
    rpc.request<T>(method, params, 30_000);
  await call("initialize", {
    clientInfo: { name: "bench", title: "bench", version: "1" },
    capabilities: { experimentalApi: false, requestAttestation: false },
  });
  rpc.notify("initialized");
  const { thread } = await call<{ thread: { id: string } }>("thread/start", {
    cwd: lab.repo,
  });
  await call("turn/start", {
    threadId: thread.id,
    input: [{ type: "text", text: prompt, text_elements: [] }],
  });
  const elapsed = await first.promise;
  await over.promise;
  await writer.close();
  await child.status;
  return elapsed;
}
