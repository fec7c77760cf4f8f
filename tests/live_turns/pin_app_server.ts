/** Pins the fake app-server as a lab's codex and reads what it was answered. */
import { fromFileUrl, join } from "@std/path";
import { type Lab, pinCodex } from "../lab.ts";

/** What the fake does next. */
export type FakeStep =
  | { notify: { method: string; params: Record<string, unknown> } }
  /** Nothing more until it is interrupted. */
  | { hang: true }
  /** Asks all of them at once and goes on when each was answered or resolved elsewhere. */
  | { ask: { method: string; params: Record<string, unknown> }[] };

/** What came back for a request. */
export interface FakeAnswer {
  // deno-lint-ignore no-explicit-any
  result?: any;
  error?: { code: number; message: string };
}

/** A fake at work. */
export interface FakeAppServer {
  /** The answers so far, in the order in which they came. */
  answers(): FakeAnswer[];
  /** From now on it says that somebody else has answered what waits. */
  resolveElsewhere(): void;
}

/** Makes a fake that plays `steps` in every turn, and pins it as this lab's codex. */
export function pinAppServer(lab: Lab, steps: FakeStep[]): FakeAppServer {
  const script = join(lab.home.home, "script.json");
  Deno.writeTextFileSync(script, JSON.stringify(steps));
  const fake = fromFileUrl(new URL("./fake_app_server.ts", import.meta.url));
  const path = join(lab.home.home, "fake-app-server");
  Deno.writeTextFileSync(
    path,
    `#!/bin/sh\nexec '${Deno.execPath()}' run -q -A --no-lock '${fake}' '${script}'\n`,
  );
  Deno.chmodSync(path, 0o755);
  pinCodex(lab.home.home, path);
  return {
    answers: () => {
      try {
        return Deno.readTextFileSync(`${script}.answers`).trim().split("\n")
          .map((line) => JSON.parse(line));
      } catch {
        return [];
      }
    },
    resolveElsewhere: () => Deno.writeTextFileSync(`${script}.resolved`, ""),
  };
}

/** A question of request_user_input as the protocol has it. */
export const wireQuestion = (
  id: string,
  { secret = false } = {},
): Record<string, unknown> => ({
  id,
  header: id,
  question: `What is ${id}?`,
  isOther: false,
  isSecret: secret,
  options: null,
});
