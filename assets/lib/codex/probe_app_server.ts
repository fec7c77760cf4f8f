/** Tests whether a codex can be driven over its app-server, without touching the user's files. */
import { sleep } from "../system/clock.ts";
import { makePrivateDir, removeIfExists } from "../system/files.ts";
import { stateRoot } from "../system/paths.ts";
import { spawnTalking } from "../system/spawn.ts";
import { VERSION } from "../version.ts";
import { blankedSecrets } from "./child_env.ts";
import { RpcConnection } from "./rpc.ts";

/** How long the whole probe may take, in ms. */
const PROBE_MS = 15_000;
/** How long codex may take to end afterwards, in ms. */
const END_MS = 2_000;

/** What a probe found: the user agent, or why it failed. */
export interface ProbeResult {
  ok: boolean;
  said: string;
}

/** Shakes hands with `codex app-server` in a CODEX_HOME of its own. Never throws. */
export async function probeAppServer(codexPath: string): Promise<ProbeResult> {
  const home = `${stateRoot()}/.probe-${crypto.randomUUID()}`;
  try {
    makePrivateDir(home);
    return await shakeHands(codexPath, home);
  } catch (error) {
    return { ok: false, said: (error as Error).message };
  } finally {
    removeIfExists(home);
  }
}

async function shakeHands(
  codexPath: string,
  home: string,
): Promise<ProbeResult> {
  const child = spawnTalking(codexPath, ["app-server"], {
    cwd: home,
    env: { ...blankedSecrets(), CODEX_HOME: home },
  });
  drain(child.stderr);
  const rpc = new RpcConnection({ incoming: child.stdout, send: child.write }, {
    notification() {},
    request() {},
    stray() {},
  });
  try {
    const { userAgent } = await rpc.request<{ userAgent: string }>(
      "initialize",
      {
        clientInfo: {
          name: "codex-server",
          title: "codex-server",
          version: VERSION,
        },
        capabilities: { experimentalApi: false, requestAttestation: false },
      },
      PROBE_MS,
    );
    return { ok: true, said: String(userAgent) };
  } finally {
    await child.closeInput();
    const ended = await Promise.race([child.ended, sleep(END_MS)]);
    if (!ended) child.kill();
  }
}

async function drain(stream: AsyncIterable<string>): Promise<void> {
  try {
    for await (const _ of stream);
  } catch {
    // It ended with the process.
  }
}
