/** One turn from its directory to its marker: the worker's whole life after boot. */
import { EngineFailure, type TurnRequest } from "../codex/engine.ts";
import { explainFailure, resetsAt } from "../codex/failure.ts";
import { lastTurnContext } from "../codex/rollout_tail.ts";
import { runSdk } from "../codex/sdk.ts";
import { findThreadFile } from "../codex/sessions.ts";
import { wallMs } from "../system/clock.ts";
import { readInstallConfig } from "../codex/install_config.ts";
import { isCancelRequested } from "../turns/control.ts";
import type { TurnPaths } from "../turns/layout.ts";
import type { TurnMeta } from "../turns/meta.ts";
import { takeSlot } from "../turns/slots.ts";
import { writeMeta } from "../turns/store.ts";
import { recordThread } from "../turns/threads.ts";
import type { TurnError } from "../turns/result.ts";
import { finishTurn } from "./finish.ts";
import type { WorkerLog } from "./log.ts";
import { Recorder } from "./recorder.ts";
import type { Stopper, StopReason } from "./stop.ts";
import { watchInbox } from "./inbox.ts";
import { Watchdog } from "./watchdog.ts";

/** How many turns run at once where no config.json says it. */
const DEFAULT_SLOTS = 8;

/**
 * Runs the turn and leaves its result and marker. Never throws for anything that codex or
 * the disk does: every way out sets a marker, or finds the directory gone.
 */
export async function runTurn(
  paths: TurnPaths,
  meta: TurnMeta,
  stopper: Stopper,
  log: WorkerLog,
): Promise<void> {
  using _inbox = watchInbox(paths, stopper);
  using recorder = new Recorder(paths);
  const turn: Turn = { paths, meta, recorder, queuedMs: 0 };
  const error = await attempt(turn, stopper, log);
  recordContext(turn, log);
  log.line(error ? `${error.code}: ${error.message}` : "the turn is complete");
  finishTurn(turn, error, log);
}

/** What a turn gathers on its way. */
export interface Turn {
  paths: TurnPaths;
  meta: TurnMeta;
  recorder: Recorder;
  queuedMs: number;
}

/** Runs the engine; returns why the turn did not end well, or null. */
async function attempt(
  turn: Turn,
  stopper: Stopper,
  log: WorkerLog,
): Promise<TurnError | null> {
  try {
    if (isCancelRequested(turn.paths)) return stopError(CANCELLED);
    using slot = await waitForSlot(turn, stopper);
    if (!slot || stopper.reason) return stopError(stopper.reason ?? CANCELLED);
    await runEngine(turn, stopper, log);
    const { ended, error } = turn.recorder.summary;
    // A stop that came after the end changes nothing: the turn had ended.
    if (ended === "completed") return null;
    if (stopper.reason) return stopError(stopper.reason);
    return codexError(
      error ?? "Codex ended without saying how the turn did",
      ended ? null : "incomplete",
    );
  } catch (error) {
    if (turn.recorder.summary.ended === "completed") return null;
    if (stopper.reason) return stopError(stopper.reason);
    if (error instanceof EngineFailure) {
      return codexError(error.message, error.code);
    }
    return machineTrouble(error);
  }
}

/** Notes in meta.json what codex in fact ran with, where its configuration decided. */
function recordContext(turn: Turn, log: WorkerLog): void {
  const { thread_id: threadId } = turn.meta;
  const path = threadId === null ? null : findThreadFile(threadId);
  const context = path === null ? null : lastTurnContext(path);
  if (!context) return;
  const { model, sandbox, network } = context;
  turn.meta = {
    ...turn.meta,
    model: model ?? turn.meta.model,
    sandbox: sandbox ?? turn.meta.sandbox,
    network: network ?? turn.meta.network,
  };
  try {
    writeMeta(turn.paths, turn.meta);
  } catch (refused) {
    log.line(`meta.json: ${(refused as Error).message}`);
  }
}

async function waitForSlot(turn: Turn, stopper: Stopper) {
  const config = readInstallConfig();
  const count = config.kind === "ok"
    ? config.config.max_concurrent
    : DEFAULT_SLOTS;
  const since = wallMs();
  const setQueued = (queued: boolean) => {
    turn.meta = { ...turn.meta, queued };
    writeMeta(turn.paths, turn.meta);
  };
  const slot = await takeSlot(count, {
    onQueue: () => setQueued(true),
    signal: stopper.signal,
  });
  if (turn.meta.queued) {
    turn.queuedMs = wallMs() - since;
    setQueued(false);
  }
  return slot;
}

async function runEngine(
  turn: Turn,
  stopper: Stopper,
  log: WorkerLog,
): Promise<void> {
  const { meta, recorder } = turn;
  log.line(`codex ${meta.codex_version} (${meta.codex_path}) through the SDK`);
  using watchdog = new Watchdog(
    { timeoutMs: meta.timeout_s * 1000, idleMs: meta.idle_timeout_s * 1000 },
    (reason) => stopper.stop(reason),
  );
  const events = runSdk(requestOf(turn), {
    codexPath: meta.codex_path,
    scratchDir: turn.paths.dir,
    log: (line) => log.line(line),
    signal: stopper.signal,
  });
  for await (const event of events) {
    watchdog.note(event);
    recorder.record(event);
    const threadId = recorder.summary.thread_id;
    if (threadId && threadId !== turn.meta.thread_id) {
      turn.meta = { ...turn.meta, thread_id: threadId };
      writeMeta(turn.paths, turn.meta);
      recordThread(threadId, meta.turn_id);
    }
  }
}

function requestOf({ paths, meta }: Turn): TurnRequest {
  return {
    prompt: Deno.readTextFileSync(paths.prompt),
    threadId: meta.resumed_from,
    cwd: meta.cwd,
    model: meta.model_flag,
    effort: meta.effort,
    sandbox: meta.sandbox,
    network: meta.network,
    addDirs: meta.add_dirs,
    images: meta.images,
    schemaPath: meta.structured ? paths.schema : null,
    config: meta.config,
    skipGitCheck: meta.skip_git_check,
  };
}

const CANCELLED: StopReason = {
  code: "cancelled",
  message: "The turn was cancelled",
};

const STOP_HINTS: Record<StopReason["code"], string> = {
  cancelled: "continue its thread, or start a new turn",
  timed_out: "give --timeout more seconds, or continue its thread",
  stalled: "continue its thread; --idle-timeout sets how long silence may last",
  gone: "nothing is left to do",
  disk_full: "free some space and continue its thread",
  internal: "read worker.log in the turn's directory",
};

const stopError = ({ code, message }: StopReason): TurnError => ({
  code,
  message,
  hint: STOP_HINTS[code],
});

/** What codex said, explained; `engineCode` stands where the message says nothing. */
function codexError(message: string, engineCode: string | null): TurnError {
  const known = explainFailure(message);
  const resets = resetsAt(message);
  return {
    code: known.code === "codex_failed" && engineCode ? engineCode : known.code,
    message,
    hint: known.hint,
    ...(resets ? { resets_at: resets } : {}),
  };
}

function machineTrouble(error: unknown): TurnError {
  const message = error instanceof Error ? error.message : String(error);
  const full = /os error 28\b|No space left/.test(message);
  return full
    ? {
      code: "disk_full",
      message: "The disk is full",
      hint: STOP_HINTS.disk_full,
    }
    : { code: "internal", message, hint: STOP_HINTS.internal };
}
