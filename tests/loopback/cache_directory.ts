/** Where the tests keep what outlives a run, and their homes. */

import { join } from "@std/path";

/** `codex-server-tests` in the user's cache directory; it need not exist. */
export function cacheDirectory(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") ||
    join(Deno.env.get("HOME") ?? "/", ".cache");
  return join(cache, "codex-server-tests");
}
