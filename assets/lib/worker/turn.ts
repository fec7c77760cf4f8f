/** The turn that a worker runs. */
import type { EngineRun } from "../codex/engine.ts";
import type { TurnPaths } from "../turns/layout.ts";
import type { TurnMeta } from "../turns/meta.ts";
import type { Recorder } from "./recorder.ts";

/** The state of a running turn. */
export interface Turn {
  paths: TurnPaths;
  meta: TurnMeta;
  recorder: Recorder;
  queuedMs: number;
  /** Codex at work; null before it has started. */
  run: EngineRun | null;
  /** What a review found: codex's `review_output`. */
  review: unknown;
  /** The thread that meta.json names already. */
  noted: string | null;
}
