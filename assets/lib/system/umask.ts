/** The file mode creation mask: private for our own files, the caller's for what codex makes. */

let callersMask: number | null = null;

/** From now on new files are ours alone; the caller's mask is kept for `callersUmask`. */
export function makePrivate(): void {
  if (Deno.build.os !== "windows") callersMask = Deno.umask(0o077);
}

/**
 * The mask that this process was started with, as umask(1) takes it; empty when it was not
 * changed. Codex could not use its own files where the mask excludes the owner.
 */
export const callersUmask = (): string =>
  callersMask === null ? "" : (callersMask & 0o077).toString(8);
