/** A codex that is told to stop and does not listen, or is stopped before it has begun. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { runAppServer } from "../../assets/lib/codex/app_server.ts";
import type { EngineContext } from "../../assets/lib/codex/engine.ts";
import { plainRequest } from "./turn_request.ts";
import { processesOf, until } from "../lab.ts";

const THREAD = "01a1fe8e-d5c8-77c3-a907-824799b88933";

/** Answers up to the opened thread and reads nothing more. */
const DEAF = `#!/bin/sh
answer() { read -r request; printf '{"id":%s,"result":%s}\\n' "$1" "$2"; }
answer 0 '{"userAgent":"fake/0.0.0"}'
read -r initialized
answer 1 '{"config":{}}'
answer 2 '{"thread":{"id":"${THREAD}"},"model":"m","sandbox":{"type":"readOnly"}}'
exec sleep 60
`;

/** A directory with the deaf codex in it, and what an engine needs to run it. */
function openStage() {
  const dir = Deno.makeTempDirSync();
  const codexPath = join(dir, "codex");
  Deno.writeTextFileSync(codexPath, DEAF, { mode: 0o755 });
  const stop = new AbortController();
  const sent: string[] = [];
  const context: EngineContext = {
    codexPath,
    scratchDir: dir,
    approvals: { ask: false, timeoutMs: 1000 },
    log: () => {},
    signal: stop.signal,
    trace: (direction, line) => {
      if (direction === "out") sent.push(line);
    },
  };
  return {
    ...{ dir, stop, context },
    hasSent: (method: string) => sent.some((line) => line.includes(method)),
    [Symbol.dispose]: () => Deno.removeSync(dir, { recursive: true }),
  };
}

Deno.test("I2 a codex that does not read a long prompt can be cancelled, and is gone then", async () => {
  using stage = openStage();
  const prompt = "x".repeat(1_000_000); // more than a pipe holds
  const started = runAppServer(plainRequest(prompt, stage.dir), stage.context);
  const refused = assertRejects(() => started);
  await until(() => stage.hasSent('"turn/start"'), "the prompt to be sent");
  const before = performance.now();
  stage.stop.abort();
  await refused;
  assert(performance.now() - before < 5000);
  assertEquals(processesOf(stage.dir), []);
});

Deno.test("I1 a turn that was cancelled before codex was started starts none", async () => {
  using stage = openStage();
  stage.stop.abort();
  await assertRejects(() =>
    runAppServer(plainRequest("hi", stage.dir), stage.context)
  );
  assertEquals(stage.hasSent("initialize"), false);
});
