/** The result of a turn whose worker cannot go on. */
import type { TurnPaths } from "../turns/layout.ts";
import {
  readResult,
  recoveredResult,
  summarizeEvents,
  writeResult,
} from "../turns/result.ts";
import { readMeta } from "../turns/store.ts";
import { machineTrouble } from "./failed.ts";

/** Writes result.json with the reason and with what the events say, unless there is one. */
export function leaveResult(
  turnId: string,
  paths: TurnPaths,
  error: Error,
): void {
  if (readResult(paths)) return;
  const summary = summarizeEvents(paths.events);
  const reading = readMeta(paths);
  const threadId = summary.thread_id ??
    (reading.kind === "ok" ? reading.meta.thread_id : null);
  writeResult(
    paths,
    recoveredResult(
      turnId,
      "failed",
      { ...summary, thread_id: threadId },
      machineTrouble(error),
    ),
  );
}
