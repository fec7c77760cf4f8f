/** The calls that open a thread and start a turn on it, from the request. */
import { isImageUrl, type TurnRequest } from "./engine.ts";
import { type RpcConnection, RpcError } from "./rpc.ts";
import type { Sign } from "./signs.ts";
import {
  requiredServers,
  serversOf,
  splitConfig,
  withoutServers,
} from "./thread_config.ts";
import {
  permissionsOf,
  type TurnPermissions,
  turnPermissions,
} from "./turn_permissions.ts";
import type {
  EffectiveConfig,
  ThreadOpened,
  UserInput,
  WireTurn,
} from "./wire.ts";

/**
 * Opening a thread waits for everything that the user's configuration starts, which has
 * its own time limits; the watchdog handles a codex that goes silent.
 */
const OPEN_MS = Infinity;

/** Our threads' author in codex's records. */
const OURS = "codex-server";

/** A thread and what its turn is given; what is empty is left to codex. */
export interface OpenThread {
  opened: ThreadOpened;
  permissions: TurnPermissions["turn"];
}

/** Starts, resumes or forks the thread. */
export async function openThread(
  rpc: RpcConnection,
  request: TurnRequest,
  sign: (sign: Sign) => void = () => {},
): Promise<OpenThread> {
  const { threadId, approvalPolicy, reviewer, model, cwd } = request;
  const config = await readConfig(rpc, cwd);
  const { thread } = await splitConfig(request.config);
  const servers = serversOf(config, thread);
  const ours = request.lean ? withoutServers(thread, servers) : thread;
  const permissions = permissionsOf(request, config);
  const method = threadId === null
    ? "thread/start"
    : request.fork
    ? "thread/fork"
    : "thread/resume";
  const params = {
    cwd,
    approvalPolicy,
    ...(reviewer === null ? {} : { approvalsReviewer: reviewer }),
    ...(model === null ? {} : { model }),
    ...permissions.open,
    ...(Object.keys(ours).length > 0 ? { config: ours } : {}),
    ...(threadId === null
      ? { serviceName: OURS }
      : { threadId, excludeTurns: true }),
    ...(method === "thread/resume" ? {} : { threadSource: OURS }),
    // A resumed thread has been kept already.
    ...(request.ephemeral && (threadId === null || request.fork)
      ? { ephemeral: true }
      : {}),
  };
  // Codex reports a required server only once it runs and the thread is open.
  const awaited = request.lean ? [] : requiredServers(servers);
  for (const name of awaited) sign({ kind: "server", name, starting: true });
  const opened = await rpc.request<ThreadOpened>(method, params, OPEN_MS);
  for (const name of awaited) sign({ kind: "server", name, starting: false });
  return {
    opened,
    permissions: turnPermissions(permissions, request, opened),
  };
}

/** The user's configuration in effect in `cwd`; empty where codex does not report it. */
async function readConfig(
  rpc: RpcConnection,
  cwd: string,
): Promise<EffectiveConfig> {
  try {
    const params = { cwd, includeLayers: false };
    const { config } = await rpc.request<{ config?: EffectiveConfig }>(
      "config/read",
      params,
      OPEN_MS,
    );
    return config ?? {};
  } catch (error) {
    if (error instanceof RpcError) return {};
    throw error;
  }
}

/** Starts the turn, or the review; returns its id. */
export async function startTurn(
  rpc: RpcConnection,
  thread: OpenThread,
  request: TurnRequest,
): Promise<string> {
  try {
    return await start(rpc, thread, request);
  } catch (error) {
    const profile = thread.permissions.permissions;
    if (!(error instanceof RpcError) || profile === undefined) throw error;
    throw new Error(
      `Codex cannot run the turn under the permission profile ${profile}: ${error.message}`,
    );
  }
}

async function start(
  rpc: RpcConnection,
  { opened, permissions }: OpenThread,
  request: TurnRequest,
): Promise<string> {
  const threadId = opened.thread.id;
  if (request.review) {
    // A review takes no permissions of its own: it runs under the thread's.
    if (permissions.permissions !== undefined) {
      const settings = { threadId, ...permissions };
      await rpc.request("thread/settings/update", settings, OPEN_MS);
    }
    const { turn } = await rpc.request<{ turn: WireTurn }>(
      "review/start",
      { threadId, target: request.review, delivery: "inline" },
      OPEN_MS,
    );
    return turn.id;
  }
  const { turn } = await rpc.request<{ turn: WireTurn }>("turn/start", {
    threadId,
    input: inputOf(request),
    ...(request.effort === null ? {} : { effort: request.effort }),
    ...(request.summary === null ? {} : { summary: request.summary }),
    ...(request.schema === null ? {} : { outputSchema: request.schema }),
    ...permissions,
  }, OPEN_MS);
  return turn.id;
}

/** Text as the protocol takes it. */
export const textInput = (text: string): UserInput => ({
  type: "text",
  text,
  text_elements: [],
});

function inputOf(
  { prompt, images, skills, mentions }: TurnRequest,
): UserInput[] {
  return [
    ...images.map((image): UserInput =>
      isImageUrl(image)
        ? { type: "image", url: image }
        : { type: "localImage", path: image }
    ),
    ...skills.map((skill) => ({ type: "skill" as const, ...skill })),
    ...mentions.map((mention) => ({ type: "mention" as const, ...mention })),
    textInput(prompt),
  ];
}
