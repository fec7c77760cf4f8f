/** The two markers `done` and `error`: zero bytes, created once; the name is the message. */
import { createFile, entriesOf } from "../system/files.ts";
import type { TurnPaths } from "./layout.ts";

/** How a turn ended, as a file's name. */
export type Marker = "done" | "error";

/** Which markers a turn has; none where its directory is missing. */
export function markersOf(paths: TurnPaths): Record<Marker, boolean> {
  // One listing: asking for files that are not there costs an exception each.
  const names = new Set(entriesOf(paths.dir).map(({ name }) => name));
  return { done: names.has("done"), error: names.has("error") };
}

/**
 * Wakes those that wait for the end alone. They watch `control/`, which is quiet: in the
 * turn's directory every streamed word would wake them.
 */
function announce(paths: TurnPaths): void {
  try {
    const now = new Date();
    Deno.utimeSync(paths.control, now, now);
  } catch {
    // They also poll.
  }
}

/** Sets a marker unless the turn has one: the first wins. Returns whether this one was set. */
export function setMarker(paths: TurnPaths, marker: Marker): boolean {
  const present = markersOf(paths);
  if (present.done || present.error) return false;
  try {
    createFile(paths[marker], "");
    announce(paths);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}
