/** What tests ask of a turn, and the calls that it becomes. */
import type { TurnRequest } from "../../assets/lib/codex/engine.ts";
import type { RpcConnection } from "../../assets/lib/codex/rpc.ts";
import { openThread, startTurn } from "../../assets/lib/codex/turn_calls.ts";

/** What a turn asks unless a test says otherwise. */
export const plainRequest = (prompt: string, cwd: string): TurnRequest => ({
  prompt,
  threadId: null,
  fork: false,
  review: null,
  cwd,
  model: null,
  effort: null,
  summary: null,
  sandbox: null,
  network: null,
  addDirs: [],
  inherited: null,
  approvalPolicy: "never",
  reviewer: null,
  experimental: false,
  images: [],
  skills: [],
  mentions: [],
  schema: null,
  schemaPath: null,
  config: [],
  skipGitCheck: false,
  ephemeral: false,
  lean: false,
  trace: false,
});

/** The calls that a request makes, `sandbox` being the one of codex's own configuration. */
export async function recordedCalls(
  partial: Partial<TurnRequest>,
  sandbox: Record<string, unknown>,
) {
  // deno-lint-ignore no-explicit-any
  const calls: { method: string; params: any }[] = [];
  const rpc = {
    request(method: string, params: unknown) {
      calls.push({ method, params });
      return Promise.resolve({
        config: { sandbox_mode: null, sandbox_workspace_write: null },
        thread: { id: "t" },
        turn: { id: "u" },
        sandbox,
      });
    },
  } as unknown as RpcConnection;
  const request = { ...plainRequest("hi", "/repo"), ...partial };
  await startTurn(rpc, await openThread(rpc, request), request);
  return calls;
}

/** A workspace-write sandbox as the protocol has it. */
export const workspaceWrite = (
  writableRoots: string[] = [],
  networkAccess = false,
) => ({
  type: "workspaceWrite" as const,
  writableRoots,
  networkAccess,
  excludeTmpdirEnvVar: false,
  excludeSlashTmp: false,
});
