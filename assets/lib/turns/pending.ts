/** What codex asks and nobody has answered yet: `pending.json`, kept by the worker. */
import type { PendingRequest } from "../events/thread_event.ts";
import { jsonText } from "../events/json_text.ts";
import {
  readTextIfExists,
  removeIfExists,
  replaceFile,
} from "../system/files.ts";
import type { TurnPaths } from "./layout.ts";

/** The requests that wait, oldest first; they mean nothing once the turn is over. */
export function readPending(paths: TurnPaths): PendingRequest[] {
  // A worker that began before an update keeps the list where it used to be.
  const text = readTextIfExists(paths.pending) ??
    readTextIfExists(`${paths.control}/pending.json`);
  try {
    const value = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** Replaces the list of requests that wait; without any there is no file. */
export function writePending(
  paths: TurnPaths,
  pending: PendingRequest[],
): void {
  if (pending.length === 0) removeIfExists(paths.pending);
  else replaceFile(paths.pending, jsonText(pending));
}
