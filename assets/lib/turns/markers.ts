/** The two markers `done` and `error`: zero bytes, created once; the name is the message. */
import { createFile, lstatIfExists } from "../system/files.ts";
import type { TurnPaths } from "./layout.ts";

export type Marker = "done" | "error";

/** Which markers a turn has. */
export const markersOf = (paths: TurnPaths): Record<Marker, boolean> => ({
  done: lstatIfExists(paths.done) !== null,
  error: lstatIfExists(paths.error) !== null,
});

/** Sets a marker unless the turn has one: the first wins. Returns whether this one was set. */
export function setMarker(paths: TurnPaths, marker: Marker): boolean {
  const present = markersOf(paths);
  if (present.done || present.error) return false;
  try {
    createFile(paths[marker], "");
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}
