/**
 * Environment variables, read only where the permission is already granted.
 *
 * Under `--allow-env=PATH,HOME` Deno would *prompt* on a terminal for any other name, so
 * the permission is asked about first and a name that is not granted counts as absent.
 */
export function readEnv(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  if (state !== "granted") return undefined;
  return Deno.env.get(name);
}
