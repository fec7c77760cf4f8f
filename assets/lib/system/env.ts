/**
 * Environment variables, read only where the permission is already granted.
 *
 * Under `--allow-env=PATH,HOME` Deno would *prompt* on a terminal for any other name, so
 * the permission is asked about first and a name that is not granted counts as absent.
 */
export function readEnv(name: string): string | undefined {
  let granted = asked.get(name);
  if (granted === undefined) {
    const { state } = Deno.permissions.querySync({
      name: "env",
      variable: name,
    });
    asked.set(name, granted = state === "granted");
  }
  return granted ? Deno.env.get(name) : undefined;
}

/** What was found; permissions do not change while we run. */
const asked = new Map<string, boolean>();
