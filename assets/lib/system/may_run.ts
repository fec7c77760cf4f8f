/**
 * Whether `command` (a path, or a name of PATH) may be started. Nobody is asked: on a
 * terminal Deno would prompt for a program that is not granted.
 */
export const mayRun = (command: string): boolean =>
  Deno.permissions.querySync({ name: "run", command }).state === "granted";
