/** A turn's meta.json as the engines take it. */
import { readConfigToml, topLevelString } from "../codex/config_toml.ts";
import type { EngineContext, TurnRequest } from "../codex/engine.ts";
import { limitMs } from "../system/clock.ts";
import type { TurnPaths } from "../turns/layout.ts";
import type { TurnMeta } from "../turns/meta.ts";
import type { WorkerLog } from "./log.ts";
import { tracer } from "./trace.ts";

/** What the turn asks of codex. */
export function requestOf(paths: TurnPaths, meta: TurnMeta): TurnRequest {
  return {
    prompt: Deno.readTextFileSync(paths.prompt),
    threadId: meta.resumed_from,
    fork: meta.fork,
    review: meta.review,
    cwd: meta.cwd,
    model: meta.model_flag,
    effort: meta.effort,
    summary: meta.summary,
    sandbox: meta.sandbox,
    inherited: meta.inherited,
    network: meta.network,
    addDirs: meta.add_dirs,
    approvalPolicy: meta.approvals,
    reviewer: meta.reviewer,
    experimental: typeof meta.approvals === "object" ||
      (meta.reviewer ?? "user") !== "user" || namesProfile(meta),
    images: meta.images,
    skills: meta.skills,
    mentions: meta.mentions,
    schema: meta.structured
      ? JSON.parse(Deno.readTextFileSync(paths.schema))
      : null,
    schemaPath: meta.structured ? paths.schema : null,
    config: meta.config,
    skipGitCheck: meta.skip_git_check,
    ephemeral: meta.ephemeral,
    lean: meta.lean,
    trace: meta.trace,
  };
}

/** Whether a permission profile of the user might have to be named to codex. */
const namesProfile = ({ inherited, config }: TurnMeta): boolean =>
  inherited?.kind === "kept" &&
    inherited.profile?.startsWith(":") === false ||
  config.some((entry) => entry.startsWith("default_permissions=")) ||
  topLevelString(readConfigToml(), "default_permissions") !== null;

/** What the engine has to work with. */
export function contextOf(
  paths: TurnPaths,
  meta: TurnMeta,
  signal: AbortSignal,
  log: WorkerLog,
): EngineContext {
  return {
    codexPath: meta.codex_path,
    scratchDir: paths.dir,
    approvals: {
      ask: meta.approvals !== "never",
      timeoutMs: limitMs(meta.approval_timeout_s),
    },
    log: (line) => log.line(line),
    signal,
    ...(meta.trace ? { trace: tracer(paths.rpc) } : {}),
  };
}
