/** Scripts of `fake_app_server.ts` as executables. */
import { fromFileUrl, join } from "@std/path";
import type { Script } from "./fake_app_server.ts";

const FAKE = fromFileUrl(new URL("./fake_app_server.ts", import.meta.url));

/** A codex in `directory` whose app-server plays a script. */
export interface FakeCodex {
  path: string;
  /** What the client said so far. */
  // deno-lint-ignore no-explicit-any
  heard(): any[];
}

/** Writes the executable. */
export function writeFake(directory: string, script: Script): FakeCodex {
  const path = join(directory, `fake-${crypto.randomUUID()}`);
  Deno.writeTextFileSync(`${path}.json`, JSON.stringify(script));
  Deno.writeTextFileSync(
    path,
    `#!/bin/sh\nexec '${Deno.execPath()}' run -q -A '${FAKE}' '${path}.json' "$@"\n`,
    { mode: 0o755 },
  );
  return {
    path,
    heard: () =>
      Deno.readTextFileSync(`${path}.json.heard`).trimEnd().split("\n")
        .map((line) => JSON.parse(line)),
  };
}

/** The thread that the fake opens. */
export const FAKE_THREAD = "01a1fe8e-d5c8-77c3-a907-824799b88933";

/** A notification about the fake's thread. */
export const notice = (
  method: string,
  params: Record<string, unknown> = {},
): Record<string, unknown> => ({
  method,
  params: { threadId: FAKE_THREAD, turnId: "u1", ...params },
});
