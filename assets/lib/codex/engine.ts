/** What an engine is: something that runs one turn of codex and tells of it in events. */
import type { StoredEvent } from "../events/thread_event.ts";

/** One turn, as codex needs it. `null` leaves a choice to codex's configuration. */
export interface TurnRequest {
  prompt: string;
  /** The thread to go on with; null starts a new one. */
  threadId: string | null;
  cwd: string;
  model: string | null;
  effort: string | null;
  sandbox: "read-only" | "workspace-write" | "danger-full-access" | null;
  network: boolean | null;
  addDirs: string[];
  /** Absolute paths. */
  images: string[];
  /** A file with the JSON Schema of the final message. */
  schemaPath: string | null;
  /** Raw `key=value` overrides of codex's configuration. */
  config: string[];
  skipGitCheck: boolean;
}

/** What an engine is given to work with. */
export interface EngineContext {
  codexPath: string;
  /** A private directory for the engine's own small files, e.g. the noted pid. */
  scratchDir: string;
  /** A line for the worker's log. */
  log: (line: string) => void;
  /** Fires when the turn is to be stopped: cancelled, out of time, or stalled. */
  signal: AbortSignal;
}

/**
 * Runs the turn. Events come in order; the sequence ends when the turn is over and no
 * process of the engine is left. When `signal` fires the engine stops codex and ends.
 * @throws {EngineFailure} when codex ended without saying how the turn did
 */
export type Engine = (
  request: TurnRequest,
  context: EngineContext,
) => AsyncIterable<StoredEvent>;

/** Codex broke: it could not be started, died, or went silent. */
export class EngineFailure extends Error {
  override name = "EngineFailure";
  /** @param code a word of references/error-handling.md */
  constructor(readonly code: string, message: string) {
    super(message);
  }
}
