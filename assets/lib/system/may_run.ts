/**
 * Whether `command` (a path, or a name of PATH) may be started. Never prompts: on a
 * terminal Deno would ask about a program that is not granted.
 */
export const mayRun = (command: string): boolean =>
  Deno.permissions.querySync({ name: "run", command }).state === "granted";
