/** What a running turn does right now: its phase, its command, what it asks. */
import { type Phase, phaseOf, runningCommand } from "../events/phase.ts";
import type { PendingRequest } from "../events/thread_event.ts";
import { wallMs } from "../system/clock.ts";
import { lstatIfExists } from "../system/files.ts";
import { lastEvents } from "../turns/events_tail.ts";
import type { Inspection } from "../turns/inspect.ts";
import { readPending } from "../turns/pending.ts";
import { pathsOf } from "../turns/store.ts";

/** A running turn as `status`, `ps` and followers show it. */
export interface Progress {
  phase: Phase;
  /** The command that runs; null in every other phase. */
  command: string | null;
  /** Since its last event. */
  seconds_since_event: number;
  pending: PendingRequest[];
}

/** What a running turn does, according to its files. */
export function progressOf(
  turnId: string,
  { meta }: Pick<Inspection, "meta">,
): Progress {
  const paths = pathsOf(turnId);
  const queued = meta.kind === "ok" && meta.meta.queued;
  const changed = lstatIfExists(paths.events)?.mtime?.getTime() ?? wallMs();
  const pending = readPending(paths);
  const events = lastEvents(paths.events);
  const phase = queued
    ? "queued"
    : pending.length > 0
    ? "awaiting approval"
    : phaseOf(events);
  return {
    phase,
    command: phase === "running a command" ? runningCommand(events) : null,
    seconds_since_event: Math.max(
      0,
      Math.round((wallMs() - changed) / 100) / 10,
    ),
    pending,
  };
}
