/** Making a turn and starting its worker: what `new` and `continue` have in common. */
import { CliError, EXIT, machineError } from "../cli/errors.ts";
import type { Invocation } from "../cli/command.ts";
import { readConfigToml, topLevelString } from "../codex/config_toml.ts";
import { wallMs } from "../system/clock.ts";
import { fromFileUrl } from "../system/file_url.ts";
import { spawnDetachedDeno } from "../system/spawn.ts";
import { claimKey } from "../turns/keys.ts";
import type { TurnPaths } from "../turns/layout.ts";
import type { TurnMeta } from "../turns/meta.ts";
import { prepareRoot } from "../turns/root.ts";
import { createTurn, pathsOf, removeTurn } from "../turns/store.ts";
import { claimThread } from "../turns/threads.ts";
import { newTurnId } from "../turns/turn_id.ts";
import { SCHEMA_VERSION } from "../version.ts";
import {
  absolute,
  requireCodex,
  requireDirectory,
  requireFile,
  requireRepository,
  requireSchema,
} from "./checks.ts";
import { readPrompt } from "./prompt.ts";
import { readTurnFlags, type TurnFlags } from "./turn_options.ts";
import { workerPermissions } from "./worker_permissions.ts";

/** A thread to go on with, and what its last turn was allowed. */
export interface ThreadToContinue {
  threadId: string;
  sandbox: TurnMeta["sandbox"];
  network: boolean | null;
}

/**
 * Checks everything, makes the turn, starts its worker and prints where its files lie.
 * Nothing is left behind when it throws.
 * @param findThread names the thread to continue, given the turn's directory; null starts a new one
 */
export async function startTurn(
  { args, stdout, stderr }: Invocation,
  findThread: (cwd: string) => ThreadToContinue | null,
): Promise<{ turnId: string; after: TurnFlags["after"] }> {
  const warn = (line: string) => stderr(`codex-server: note: ${line}\n`);
  const flags = readTurnFlags(args);
  const prompt = await readPrompt(args, flags.promptFile);
  const config = requireCodex(warn);
  const here = Deno.cwd();
  const cwd = requireDirectory(
    absolute(flags.cwd ?? here, here),
    "The directory",
  );
  const schema = flags.schema === null ? null : requireSchema(flags.schema);
  const images = flags.images.map((path) =>
    requireFile(absolute(path, here), "The image")
  );
  const addDirs = flags.addDirs.map((path) =>
    requireDirectory(absolute(path, here), "The directory")
  );
  if (!flags.skipGitCheck) requireRepository(cwd);
  prepareRoot();
  const thread = findThread(cwd);

  using key = flags.key === null ? null : await claimKey(flags.key);
  if (key?.turnId) {
    stdout(startedJson(pathsOf(key.turnId), key.turnId, { reused: true }));
    return { turnId: key.turnId, after: flags.after };
  }
  const now = wallMs();
  const turnId = newTurnId(now);
  const meta: TurnMeta = {
    schema_version: SCHEMA_VERSION,
    turn_id: turnId,
    thread_id: thread?.threadId ?? null,
    started_at: new Date(now).toISOString(),
    cwd,
    model: flags.model ?? topLevelString(readConfigToml(), "model"),
    pid: null,
    resumed_from: thread?.threadId ?? null,
    queued: false,
    label: flags.label,
    key: flags.key,
    codex_path: config.codex_path,
    codex_version: config.codex_version,
    engine: flags.engine,
    model_flag: flags.model,
    effort: flags.effort,
    sandbox: flags.sandbox ?? thread?.sandbox ?? null,
    network: flags.network ?? (flags.sandbox ? null : thread?.network) ?? null,
    add_dirs: addDirs,
    images,
    structured: schema !== null,
    config: flags.config,
    skip_git_check: flags.skipGitCheck,
    timeout_s: flags.timeoutS,
    idle_timeout_s: flags.idleTimeoutS,
  };
  const paths = createTurn(meta, prompt, schema);
  try {
    if (thread) await claim(thread.threadId, turnId);
    spawnWorker(turnId, config.codex_path);
  } catch (error) {
    removeTurn(turnId);
    throw error;
  }
  key?.record(turnId);
  if (flags.after === "return") stdout(startedJson(paths, turnId));
  else stderr(`codex-server: turn ${turnId}\n`);
  return { turnId, after: flags.after };
}

async function claim(threadId: string, turnId: string): Promise<void> {
  const running = await claimThread(threadId, turnId);
  if (running === null) return;
  throw new CliError(
    "thread_busy",
    `Turn ${running} is still running on thread ${threadId}`,
    `wait for it with: codex-server wait ${running}`,
    EXIT.usage,
    { turn_id: running },
  );
}

function spawnWorker(turnId: string, codexPath: string): void {
  // By its real path: a later setup replaces the library, and this worker must go on
  // loading the files that it began with.
  const script = Deno.realPathSync(
    fromFileUrl(new URL("../worker.ts", import.meta.url)),
  );
  try {
    spawnDetachedDeno({
      permissions: workerPermissions(script, codexPath),
      script,
      args: [turnId],
      cwd: "/",
    });
  } catch (error) {
    throw new CliError(
      "spawn_failed",
      `The worker could not be started: ${machineError(error).message}`,
      "check the process limit, and that Deno is where it was; setup repairs the launcher",
      EXIT.machine,
    );
  }
}

/** What `new` prints: the id and where everything will lie. */
function startedJson(
  paths: TurnPaths,
  turnId: string,
  more: Record<string, unknown> = {},
): string {
  return JSON.stringify({
    schema_version: SCHEMA_VERSION,
    turn_id: turnId,
    out_path: paths.out,
    events_path: paths.events,
    result_path: paths.result,
    done_marker: paths.done,
    error_marker: paths.error,
    meta_path: paths.meta,
    ...more,
  }) + "\n";
}
