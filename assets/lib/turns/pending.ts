/** What codex asks and nobody has answered yet: `control/pending.json`, kept by the worker. */
import type { PendingRequest } from "../events/thread_event.ts";
import { jsonText } from "../events/json_text.ts";
import { readTextIfExists, replaceFile } from "../system/files.ts";
import type { TurnPaths } from "./layout.ts";

const pendingPath = (paths: TurnPaths) => `${paths.control}/pending.json`;

/** The requests that wait, oldest first. */
export function readPending(paths: TurnPaths): PendingRequest[] {
  try {
    const value = JSON.parse(readTextIfExists(pendingPath(paths)) ?? "[]");
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** Replaces the list of requests that wait. */
export const writePending = (
  paths: TurnPaths,
  pending: PendingRequest[],
): void => replaceFile(pendingPath(paths), jsonText(pending));
