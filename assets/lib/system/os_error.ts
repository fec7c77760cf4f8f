/** What the operating system refused, in words instead of Deno's own notation. */

/** What could not be done, by the word that Deno has for it. */
const DONE: Record<string, string> = {
  open: "opened",
  readfile: "read",
  writefile: "written",
  readdir: "read",
  stat: "read",
  lstat: "read",
  realpath: "found",
  mkdir: "made",
  link: "made",
  symlink: "made",
  remove: "removed",
  rename: "renamed",
  chmod: "changed",
  copy: "copied",
};

/** The reason alone: `Permission denied`. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/ \(os error \d+\)[^]*$/, "")
    .replace(/^Failed to spawn '[^]*?': /, "");
}

/** The whole of it: `/home/you/x cannot be removed: Device or resource busy`. */
export function osErrorInWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const spawned = message.match(/^Failed to spawn '([^]*?)': /);
  if (spawned) return `${spawned[1]} cannot be started: ${reasonOf(error)}`;
  const [, verb, path] =
    message.match(/ \(os error \d+\): (\w+) '([^]*?)'(?: -> '[^]*')?$/) ?? [];
  return path === undefined
    ? reasonOf(error)
    : `${path} cannot be ${DONE[verb!] ?? "used"}: ${reasonOf(error)}`;
}

/** The system's number for an error (Linux), where the error came from the system. */
export function osErrorNumber(error: unknown): number | null {
  const message = error instanceof Error ? error.message : String(error);
  const number = message.match(/\(os error (\d+)\)/)?.[1];
  return number === undefined ? null : Number(number);
}
