/** The calls that open a thread and start a turn on it, from what was asked for. */
import { isImageUrl, type TurnRequest } from "./engine.ts";
import { type RpcConnection, RpcError } from "./rpc.ts";
import type { Sign } from "./signs.ts";
import type {
  EffectiveConfig,
  SandboxPolicy,
  ThreadOpened,
  UserInput,
  WireTurn,
} from "./wire.ts";

/**
 * Opening a thread waits for whatever the user's configuration starts, which has limits of
 * its own; a codex that says nothing any more is the watchdog's business.
 */
const OPEN_MS = Infinity;

/** A thread and what its turn may touch; null leaves that to codex. */
export interface OpenThread {
  opened: ThreadOpened;
  policy: SandboxPolicy | null;
}

/**
 * Starts, resumes or forks the thread.
 *
 * It is opened read-only wherever a sandbox is asked for or configured, and the turn gets
 * the real policy: opened with a looser one, codex would write `trust_level = "trusted"`
 * for the directory into the user's config.toml.
 */
export async function openThread(
  rpc: RpcConnection,
  request: TurnRequest,
  sign: (sign: Sign) => void = () => {},
): Promise<OpenThread> {
  const { threadId, approvalPolicy, reviewer, model, cwd } = request;
  const config = await readConfig(rpc, cwd);
  const policy = sandboxPolicy(request, config);
  const params = {
    cwd,
    approvalPolicy,
    ...(reviewer === null ? {} : { approvalsReviewer: reviewer }),
    ...(model === null ? {} : { model }),
    ...(policy === null ? {} : { sandbox: "read-only" }),
    ...(request.lean ? { config: withoutServers(config) } : {}),
    ...(threadId === null ? {} : { threadId, excludeTurns: true }),
    // A thread that is resumed has been kept already.
    ...(request.ephemeral && (threadId === null || request.fork)
      ? { ephemeral: true }
      : {}),
  };
  const method = threadId === null
    ? "thread/start"
    : request.fork
    ? "thread/fork"
    : "thread/resume";
  // Codex says nothing of a required server before it is there and the thread open.
  const awaited = request.lean ? [] : requiredServers(config);
  for (const name of awaited) sign({ kind: "server", name, starting: true });
  const opened = await rpc.request<ThreadOpened>(method, params, OPEN_MS);
  for (const name of awaited) sign({ kind: "server", name, starting: false });
  return { opened, policy: policy ?? widened(request, opened.sandbox) };
}

/** The user's configuration as it holds in `cwd`; nothing where this codex does not tell. */
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

/** The MCP servers without which codex opens no thread; each has a limit of its own. */
const requiredServers = ({ mcp_servers }: EffectiveConfig): string[] =>
  Object.entries(mcp_servers ?? {})
    .filter(([, server]) =>
      (server as { required?: unknown }).required === true
    )
    .map(([name]) => name);

/** Turns every MCP server of the configuration off. */
const withoutServers = ({ mcp_servers }: EffectiveConfig) => ({
  mcp_servers: Object.fromEntries(
    Object.keys(mcp_servers ?? {}).map((name) => [name, { enabled: false }]),
  ),
});

/** Starts the turn, or the review; returns its id. */
export async function startTurn(
  rpc: RpcConnection,
  { opened, policy }: OpenThread,
  request: TurnRequest,
): Promise<string> {
  const threadId = opened.thread.id;
  if (request.review) {
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
    ...(policy === null ? {} : { sandboxPolicy: policy }),
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

type SandboxFlags = Pick<TurnRequest, "sandbox" | "network" | "addDirs">;

/** The policy for the turn; null where neither a flag nor the configuration names one. */
function sandboxPolicy(
  { sandbox, network, addDirs }: SandboxFlags,
  { sandbox_mode, sandbox_workspace_write: write }: EffectiveConfig,
): SandboxPolicy | null {
  switch (sandbox ?? sandbox_mode) {
    case "danger-full-access":
      return { type: "dangerFullAccess" };
    case "read-only":
      return { type: "readOnly", networkAccess: false };
    case "workspace-write":
      return {
        type: "workspaceWrite",
        writableRoots: [...write?.writable_roots ?? [], ...addDirs],
        networkAccess: network ?? write?.network_access ?? false,
        excludeTmpdirEnvVar: write?.exclude_tmpdir_env_var ?? false,
        excludeSlashTmp: write?.exclude_slash_tmp ?? false,
      };
    default:
      return null;
  }
}

/** What a trusted directory has without being asked, widened by the flags; null where they say nothing. */
function widened(
  { network, addDirs }: SandboxFlags,
  opened: ThreadOpened["sandbox"],
): SandboxPolicy | null {
  if (opened.type !== "workspaceWrite") return null;
  if (network === null && addDirs.length === 0) return null;
  return {
    ...opened,
    writableRoots: [...opened.writableRoots, ...addDirs],
    networkAccess: network ?? opened.networkAccess,
  };
}
