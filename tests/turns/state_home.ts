/** A home for tests of the files themselves: HOME points at a directory of its own. */
import { join } from "@std/path";
import { turnsDir } from "../../assets/lib/system/paths.ts";
import { ensurePrivateDir } from "../../assets/lib/system/files.ts";
import type { TurnMeta } from "../../assets/lib/turns/meta.ts";
import { createTurn } from "../../assets/lib/turns/store.ts";
import { newTurnId } from "../../assets/lib/turns/turn_id.ts";

/** Runs `test` with a fresh HOME; the real one is never touched. */
export function withHome(
  test: (home: string) => void | Promise<void>,
): () => Promise<void> {
  return async () => {
    const before = Deno.env.get("HOME");
    const codexHome = Deno.env.get("CODEX_HOME");
    const home = Deno.makeTempDirSync();
    Deno.env.set("HOME", home);
    Deno.env.delete("CODEX_HOME");
    try {
      ensurePrivateDir(turnsDir());
      await test(home);
    } finally {
      if (before === undefined) Deno.env.delete("HOME");
      else Deno.env.set("HOME", before);
      if (codexHome !== undefined) Deno.env.set("CODEX_HOME", codexHome);
      Deno.removeSync(home, { recursive: true });
    }
  };
}

/** A turn as `new` makes it, `agoMs` old, without a worker. */
export function makeTurn(
  change: Partial<TurnMeta> = {},
  { agoMs = 0, prompt = "hi" } = {},
) {
  const turnId = change.turn_id ?? idAt(Date.now() - agoMs);
  return {
    turnId,
    paths: createTurn(
      { ...META, turn_id: turnId, ...change },
      new TextEncoder().encode(prompt),
      null,
    ),
  };
}

/** An id with a time of its own: those of `newTurnId` only ascend. */
export function idAt(ms: number): string {
  const time = Math.round(ms).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}${
    newTurnId(Date.now()).slice(13)
  }`;
}

/** The meta.json of a turn without wishes. */
export const META: TurnMeta = {
  schema_version: 1,
  turn_id: "",
  thread_id: null,
  started_at: "2026-01-01T00:00:00.000Z",
  cwd: join("/", "work"),
  repository: join("/", "work"),
  called_from: join("/", "work"),
  model: null,
  pid: null,
  resumed_from: null,
  fork: false,
  review: null,
  queued: false,
  label: null,
  key: null,
  codex_path: "/usr/bin/codex",
  codex_version: "0.169.0",
  engine: "auto",
  model_flag: null,
  effort: null,
  summary: null,
  sandbox: null,
  network: null,
  add_dirs: [],
  inherited: null,
  approvals: "never",
  reviewer: null,
  approval_timeout_s: 300,
  images: [],
  skills: [],
  mentions: [],
  structured: false,
  config: [],
  skip_git_check: false,
  ephemeral: false,
  lean: false,
  trace: false,
  timeout_s: 0,
  idle_timeout_s: 0,
};
