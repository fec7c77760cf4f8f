/** Which engine runs the turn. */
import { later } from "../system/later.ts";
import {
  type EngineContext,
  type EngineRun,
  isImageUrl,
  type TurnRequest,
} from "../codex/engine.ts";
import { readInstallConfig } from "../codex/install_config.ts";
import type { TurnMeta } from "../turns/meta.ts";

/**
 * Starts the turn on the engine that was asked for. `auto` prefers the app-server, which
 * streams; where its handshake fails nothing has run yet, and the SDK takes over.
 * @returns the turn and the engine's name
 */
export async function startEngine(
  choice: TurnMeta["engine"],
  request: TurnRequest,
  context: EngineContext,
): Promise<{ run: EngineRun; engine: "sdk" | "app-server" }> {
  const wantsSdk = choice === "sdk" ||
    (choice === "auto" && !appServerWorks(context.log) &&
      !needsAppServer(request));
  if (wantsSdk) return await startSdk(request, context);
  const { runAppServer } = await import("../codex/app_server.ts");
  const { HandshakeFailed } = await import("../codex/app_server_process.ts");
  try {
    return { run: await runAppServer(request, context), engine: "app-server" };
  } catch (error) {
    const mayFallBack = error instanceof HandshakeFailed && choice === "auto" &&
      !context.signal.aborted && !needsAppServer(request);
    if (!mayFallBack) throw error;
    context.log(
      `the app-server's handshake failed, the SDK takes over: ${error.message}`,
    );
    return await startSdk(request, context);
  }
}

/** Setup's probe of the pinned codex; where it made none, the handshake itself decides. */
function appServerWorks(log: EngineContext["log"]): boolean {
  const reading = readInstallConfig();
  const probe = reading.kind === "ok" ? reading.config.app_server : undefined;
  if (!probe || probe.ok) return true;
  log(
    `setup found that the app-server does not work, the SDK runs the turn: ${probe.said}`,
  );
  return false;
}

/** What only the app-server can do; without it the turn fails rather than does less. */
const needsAppServer = (request: TurnRequest): boolean =>
  request.fork || request.review !== null || request.ephemeral ||
  request.lean || (request.reviewer ?? "user") !== "user" ||
  request.summary !== null || request.trace ||
  request.approvalPolicy !== "never" || request.skills.length > 0 ||
  request.mentions.length > 0 ||
  request.images.some(isImageUrl);

async function startSdk(request: TurnRequest, context: EngineContext) {
  const { runSdk } = await later<typeof import("../codex/sdk.ts")>(
    "../codex/sdk.ts",
    import.meta.url,
  );
  return { run: await runSdk(request, context), engine: "sdk" as const };
}
