/** What a running turn does right now, and for how long it has been silent. */
import { type Phase, phaseOf } from "../events/phase.ts";
import type { PendingRequest } from "../events/thread_event.ts";
import { wallMs } from "../system/clock.ts";
import { lstatIfExists } from "../system/files.ts";
import { lastEvents } from "../turns/events_tail.ts";
import type { Inspection } from "../turns/inspect.ts";
import { readPending } from "../turns/pending.ts";
import { pathsOf } from "../turns/store.ts";

/** A running turn as `status` and followers tell of it. */
export interface Progress {
  phase: Phase;
  /** What codex asks. */
  pending: PendingRequest[];
  seconds_since_event: number;
}

/** What the turn does by its files. */
export function progressOf(
  turnId: string,
  { meta }: Pick<Inspection, "meta">,
): Progress {
  const paths = pathsOf(turnId);
  const queued = meta.kind === "ok" && meta.meta.queued;
  const changed = lstatIfExists(paths.events)?.mtime?.getTime() ?? wallMs();
  const pending = readPending(paths);
  return {
    phase: queued
      ? "queued"
      : pending.length > 0
      ? "awaiting approval"
      : phaseOf(lastEvents(paths.events)),
    pending,
    seconds_since_event: Math.max(
      0,
      Math.round((wallMs() - changed) / 100) / 10,
    ),
  };
}
