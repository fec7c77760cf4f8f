/** Executables that stand in for codex, each with one behaviour that the real one has only now and then. */
import { join } from "@std/path";
import { type Lab, pinCodex } from "../lab.ts";

/** Pins `body`, a shell script, as the codex of this lab. */
export function pinFake(lab: Lab, body: string): void {
  const path = join(lab.home.home, `fake-codex-${crypto.randomUUID()}`);
  Deno.writeTextFileSync(path, `#!/bin/sh\n${PRELUDE}\n${body}\n`);
  Deno.chmodSync(path, 0o755);
  pinCodex(lab.home.home, path, { appServer: false });
}

/** `event JSON` prints a line; `begin`, `say TEXT` and `complete` are a turn's usual ones. */
const PRELUDE = `
event() { printf '%s\\n' "$1"; }
begin() {
  event '{"type":"thread.started","thread_id":"01a1fe8e-d5c8-77c3-a907-824799b88933"}'
  event '{"type":"turn.started"}'
}
say() { event '{"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"'"$1"'"}}'; }
complete() { event '{"type":"turn.completed","usage":{"input_tokens":3,"cached_input_tokens":1,"output_tokens":2}}'; }
`;
