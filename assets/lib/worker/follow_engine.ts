/** Records every event of codex in the files, to the last one. */
import type { EngineRun } from "../codex/engine.ts";
import type { PendingRequest, StoredEvent } from "../events/thread_event.ts";
import { isThreadEvent } from "../events/thread_event.ts";
import { configurationWarning } from "../events/warning.ts";
import type { TurnPaths } from "../turns/layout.ts";
import { writePending } from "../turns/pending.ts";
import { writeMeta } from "../turns/store.ts";
import { recordThread } from "../turns/threads.ts";
import type { WorkerLog } from "./log.ts";
import { DiffFile } from "./diff_file.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { Turn } from "./turn.ts";
import type { Stopper } from "./stop.ts";
import type { Watchdog } from "./watchdog.ts";

/** Records the engine's events, and reports each of them to the watchdog. */
export async function followEngine(
  turn: Turn,
  run: EngineRun,
  { watchdog, stopper, log }: {
    watchdog: Watchdog;
    stopper: Stopper;
    log: WorkerLog;
  },
): Promise<void> {
  const { paths, recorder } = turn;
  const stopwatch = new Stopwatch(Date.parse(turn.meta.started_at));
  let begun = false;
  using pending = new PendingList(paths);
  using diff = new DiffFile(paths.diff);
  for await (const told of run.events) {
    const event = stopwatch.stamp(told);
    watchdog.note(event);
    begun ||= event.type === "turn.started";
    const warning = configurationWarning(event, begun);
    if (warning !== null) log.line(`codex warns: ${warning}`);
    // How codex ends a stopped turn is our doing; finish.ts reports the reason.
    if (stopper.reason && event.type === "turn.failed") continue;
    // Before the event: its line in events.jsonl is what wakes those who wait for it.
    pending.note(event);
    recorder.record(event);
    noteThread(turn);
    diff.note(run.diff);
  }
}

/** The thread's id goes into meta.json as soon as there is one. */
function noteThread(turn: Turn): void {
  const threadId = turn.recorder.summary.thread_id;
  if (!threadId || threadId === turn.noted) return;
  turn.noted = threadId;
  turn.meta = { ...turn.meta, thread_id: threadId };
  writeMeta(turn.paths, turn.meta);
  recordThread(threadId, turn.meta.turn_id);
}

/** The requests that wait for an answer, where other processes see them. */
class PendingList implements Disposable {
  #waiting: PendingRequest[] = [];

  constructor(private readonly paths: TurnPaths) {}

  note(event: StoredEvent): void {
    if (!isThreadEvent(event)) return;
    if (event.type === "request.opened") this.#waiting.push(event.request);
    else if (event.type === "request.resolved") {
      this.#waiting = this.#waiting.filter(({ id }) => id !== event.request_id);
    } else return;
    writePending(this.paths, this.#waiting);
  }

  /** Codex asks nothing any more. */
  [Symbol.dispose](): void {
    if (this.#waiting.length > 0) writePending(this.paths, []);
  }
}
