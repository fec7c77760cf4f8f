/** One turn from its directory to its marker: the worker's work after its start. */
import { type EngineContext, EngineFailure } from "../codex/engine.ts";
import { readInstallConfig } from "../codex/install_config.ts";
import { lastReview, lastSettings } from "../codex/rollout_tail.ts";
import { findThreadFile } from "../codex/sessions.ts";
import { modeOf } from "../domain/permissions.ts";
import { limitMs, monotonicMs } from "../system/clock.ts";
import { isCancelRequested } from "../turns/control.ts";
import type { TurnPaths } from "../turns/layout.ts";
import type { TurnMeta } from "../turns/meta.ts";
import { takeSlot } from "../turns/slots.ts";
import { writeMeta } from "../turns/store.ts";
import type { TurnError } from "../turns/result.ts";
import { startEngine } from "./choose_engine.ts";
import {
  CANCELLED,
  codexError,
  machineTrouble,
  stopError,
  withCommand,
} from "./failed.ts";
import { finishTurn } from "./finish.ts";
import { followEngine } from "./follow_engine.ts";
import { brokenCodex, goneDirectory } from "./grounds.ts";
import { Inbox } from "./inbox.ts";
import type { WorkerLog } from "./log.ts";
import { Recorder } from "./recorder.ts";
import { passRefreshGate } from "./refresh_gate.ts";
import { contextOf, requestOf } from "./request.ts";
import type { Stopper } from "./stop.ts";
import type { Turn } from "./turn.ts";
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
  using recorder = new Recorder(meta, paths);
  using inbox = new Inbox(paths, stopper, {
    unsteerable: whyUnsteerable(meta),
    onLost: (text, reason) => recorder.tellLost(text, reason),
  });
  const turn: Turn = {
    paths,
    meta,
    recorder,
    queuedMs: 0,
    run: null,
    review: null,
    noted: null,
  };
  using slots = new DisposableStack();
  const failed = await attempt(turn, { slots, inbox, stopper, log });
  const cause = failed && stopper.reason ? failed : causeOf(turn, failed);
  const error = cause && withCommand(cause, turn.meta.thread_id);
  inbox.end();
  log.line(error ? `${error.code}: ${error.message}` : "the turn is complete");
  // A codex that completed its turn exits by itself soon; the answer need not wait for
  // that. One that was stopped is ended first: a marker means that nothing runs any more.
  if (error) await turn.run?.close();
  readBack(turn, log);
  finishTurn(turn, error, log);
  if (!error) await turn.run?.close();
}

interface Surroundings {
  /** Holds the slot until the turn's last process is gone. */
  slots: DisposableStack;
  inbox: Inbox;
  stopper: Stopper;
  log: WorkerLog;
}

const watchdogOf = (meta: TurnMeta, stopper: Stopper): Watchdog =>
  new Watchdog(
    {
      timeoutMs: limitMs(meta.timeout_s),
      idleMs: limitMs(meta.idle_timeout_s),
    },
    (reason) => stopper.stop(reason),
  );

/** Why a turn takes no more words; null where it can take them. */
const whyUnsteerable = ({ engine, review }: TurnMeta): string | null =>
  engine === "sdk"
    ? "The SDK engine cannot be steered; use --engine app-server"
    : review
    ? "A review cannot be steered"
    : null;

/**
 * The root cause of a turn that did not end well. Without its directory it cannot have
 * done what was asked, whatever codex says; and a codex that could not be started does
 * not say why.
 */
function causeOf({ meta }: Turn, failed: TurnError | null): TurnError | null {
  const notStarted = failed !== null && NOT_STARTED.includes(failed.code);
  return goneDirectory(meta) ?? (notStarted ? brokenCodex(meta) : null) ??
    failed;
}

/** The codes of a codex that cannot be started. */
const NOT_STARTED = ["codex_exited", "handshake_failed", "internal"];

/** Runs the engine; returns why the turn did not end well, or null. */
async function attempt(
  turn: Turn,
  { slots, inbox, stopper, log }: Surroundings,
): Promise<TurnError | null> {
  try {
    slots.use(await waitForSlot(turn, stopper));
    await passRefreshGate(stopper.signal);
    if (isCancelRequested(turn.paths)) return stopError(CANCELLED);
    if (stopper.reason) return stopError(stopper.reason);
    const missing = goneDirectory(turn.meta) ?? brokenCodex(turn.meta);
    if (missing) return missing;
    using watchdog = watchdogOf(turn.meta, stopper);
    const request = requestOf(turn.paths, turn.meta);
    const context: EngineContext = {
      ...contextOf(turn.paths, turn.meta, stopper.signal, log),
      sign: (sign) => watchdog.sign(sign),
    };
    const { run, engine } = await startEngine(
      turn.meta.engine,
      request,
      context,
    );
    turn.run = run;
    log.line(
      `codex ${turn.meta.codex_version} (${turn.meta.codex_path}) through ${engine}`,
    );
    turn.meta = { ...turn.meta, engine };
    inbox.begin(run);
    await followEngine(turn, run, { watchdog, stopper, log });
    const { ended, error, error_code } = turn.recorder.summary;
    // A stop that came after the end changes nothing: the turn had ended.
    if (ended === "completed") return null;
    if (stopper.reason) return stopError(stopper.reason);
    const message = error ?? "Codex ended without saying how the turn did";
    return codexError(message, ended ? error_code : "incomplete");
  } catch (error) {
    if (turn.recorder.summary.ended === "completed") return null;
    if (stopper.reason) return stopError(stopper.reason);
    if (error instanceof EngineFailure) {
      return codexError(error.message, error.code);
    }
    return machineTrouble(error);
  }
}

/**
 * Reads back from codex's own record what it actually ran with, and what a review found.
 * The turn's end does not depend on it.
 */
function readBack(turn: Turn, log: WorkerLog): void {
  try {
    tryReadBack(turn);
  } catch (refused) {
    log.line(`reading back: ${(refused as Error).message}`);
  }
}

function tryReadBack(turn: Turn): void {
  const { thread_id: threadId } = turn.meta;
  const path = threadId === null ? null : findThreadFile(threadId);
  if (path === null) return;
  if (turn.meta.review) turn.review = lastReview(path);
  const settings = lastSettings(path);
  if (!settings) return;
  const { model, policy } = settings;
  const writes = policy?.type === "workspaceWrite";
  turn.meta = {
    ...turn.meta,
    model: model ?? turn.meta.model,
    sandbox: modeOf(policy) ?? turn.meta.sandbox,
    network: writes ? policy.networkAccess : turn.meta.network,
  };
  writeMeta(turn.paths, turn.meta);
}

/** `max_concurrent` as it is now: it can be changed while turns wait. */
function slotCount(): number {
  const config = readInstallConfig();
  return config.kind === "ok" ? config.config.max_concurrent : DEFAULT_SLOTS;
}

async function waitForSlot(turn: Turn, stopper: Stopper) {
  const since = monotonicMs();
  const setQueued = (queued: boolean) => {
    turn.meta = { ...turn.meta, queued };
    writeMeta(turn.paths, turn.meta);
  };
  const slot = await takeSlot(turn.meta.turn_id, {
    count: slotCount,
    onQueue: () => setQueued(true),
    signal: stopper.signal,
  });
  if (turn.meta.queued) {
    turn.queuedMs = Math.round(monotonicMs() - since);
    setQueued(false);
  }
  return slot;
}
