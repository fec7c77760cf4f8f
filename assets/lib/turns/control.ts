/**
 * The inbox of a turn's worker: whoever may write the turn directory may ask. A request
 * is a file in `control/`; `cancel` is a zero-byte one, which even a full disk takes.
 */
import { createFile, lstatIfExists } from "../system/files.ts";
import type { TurnPaths } from "./layout.ts";

const cancelPath = (paths: TurnPaths) => `${paths.control}/cancel`;

/** Asks the worker to cancel the turn. Asking twice is asking once. */
export function requestCancel(paths: TurnPaths): void {
  try {
    createFile(cancelPath(paths), "");
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

/** Whether somebody asked to cancel the turn. */
export const isCancelRequested = (paths: TurnPaths): boolean =>
  lstatIfExists(cancelPath(paths)) !== null;
