/** The calls that open a thread and start a turn on it, from what was asked for. */
import { isImageUrl, type TurnRequest } from "./engine.ts";
import type { RpcConnection } from "./rpc.ts";
import type {
  SandboxPolicy,
  ThreadOpened,
  UserInput,
  WireTurn,
} from "./wire.ts";

/** How long opening a thread or starting a turn may take, in ms. */
const OPEN_MS = 60_000;

/**
 * Starts, resumes or forks the thread.
 *
 * It is opened read-only where a sandbox was asked for, and the turn gets the real
 * policy: opened with a looser one, codex would write `trust_level = "trusted"` for the
 * directory into the user's config.toml.
 */
export function openThread(
  rpc: RpcConnection,
  request: TurnRequest,
): Promise<ThreadOpened> {
  const { threadId, approvalPolicy, reviewer, model, cwd, ephemeral } = request;
  const common = {
    cwd,
    approvalPolicy,
    ...(reviewer === null ? {} : { approvalsReviewer: reviewer }),
    ...(model === null ? {} : { model }),
    ...(request.sandbox === null ? {} : { sandbox: "read-only" }),
  };
  if (threadId === null) {
    return rpc.request("thread/start", {
      ...common,
      ...(ephemeral ? { ephemeral } : {}),
    }, OPEN_MS);
  }
  const method = request.fork ? "thread/fork" : "thread/resume";
  return rpc.request(
    method,
    { ...common, threadId, excludeTurns: true },
    OPEN_MS,
  );
}

/** Starts the turn, or the review; returns its id. */
export async function startTurn(
  rpc: RpcConnection,
  opened: ThreadOpened,
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
  const policy = sandboxPolicy(request, opened.sandbox.type);
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

/**
 * The policy for the turn; null leaves what the thread was opened with.
 * @param configured what codex's configuration gave, e.g. `workspaceWrite`
 */
export function sandboxPolicy(
  { sandbox, network, addDirs }: Pick<
    TurnRequest,
    "sandbox" | "network" | "addDirs"
  >,
  configured: string,
): SandboxPolicy | null {
  switch (sandbox ?? configured) {
    case "danger-full-access":
      return { type: "dangerFullAccess" };
    case "read-only":
      return { type: "readOnly", networkAccess: false };
    case "workspace-write":
      break;
    case "workspaceWrite":
      if (network !== null || addDirs.length > 0) break;
      return null;
    default:
      return null;
  }
  return {
    type: "workspaceWrite",
    writableRoots: addDirs,
    networkAccess: network ?? false,
    excludeTmpdirEnvVar: false,
    excludeSlashTmp: false,
  };
}
