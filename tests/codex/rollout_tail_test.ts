import { assertEquals } from "@std/assert";
import { zstd } from "../packed.ts";
import {
  lastSettings,
  totalUsage,
} from "../../assets/lib/codex/rollout_tail.ts";

const context = (model: string, sandbox_policy: Record<string, unknown>) =>
  JSON.stringify({ type: "turn_context", payload: { model, sandbox_policy } });
const tokens = (input_tokens: number) =>
  JSON.stringify({
    type: "event_msg",
    payload: {
      type: "token_count",
      info: { total_token_usage: { input_tokens } },
    },
  });

/** Calls `look` with a file of these lines. */
function withFile(lines: string[], look: (path: string) => void): void {
  const path = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(path, lines.join("\n"));
    look(path);
  } finally {
    Deno.removeSync(path);
  }
}

Deno.test("the settings of the last turn are found however far back they stand", () => {
  // Lines around the size of a chunk put its edge in every place that matters.
  for (
    const filler of [
      ...[0, 10, 262_000, 262_143, 262_144, 262_145, 800_000],
      20_000_000,
    ]
  ) {
    withFile([
      context("old", { type: "danger-full-access" }),
      context("new", { type: "workspace-write", network_access: true }),
      JSON.stringify({ text: "é".repeat(filler / 2) }),
      tokens(7),
      "",
    ], (path) => {
      const settings = lastSettings(path);
      assertEquals(settings?.model, "new", `${filler}`);
      assertEquals(settings?.policy, {
        type: "workspaceWrite",
        writableRoots: [],
        networkAccess: true,
        excludeTmpdirEnvVar: false,
        excludeSlashTmp: false,
      });
      assertEquals(totalUsage(path)?.input_tokens, 7);
    });
  }
});

Deno.test("what a file does not say is unknown", () => {
  withFile([context("m", { type: "hologram" }), tokens(1)], (path) => {
    assertEquals(lastSettings(path)?.policy, null);
  });
  withFile(["{}", "torn"], (path) => {
    assertEquals(lastSettings(path), null);
    assertEquals(totalUsage(path), null);
  });
  assertEquals(lastSettings("/nowhere"), null);
});

Deno.test("bug 4: a packed file is read like a plain one, and one that is no zstd is unknown", () => {
  const path = `${Deno.makeTempFileSync()}.jsonl.zst`;
  const lines = [context("m", { type: "read-only" }), tokens(3), ""];
  try {
    Deno.writeFileSync(path, zstd(lines.join("\n")));
    assertEquals(lastSettings(path)?.policy?.type, "readOnly");
    assertEquals(totalUsage(path)?.input_tokens, 3);
    Deno.writeTextFileSync(`${path}.zst`, "no zstd");
    assertEquals(lastSettings(`${path}.zst`), null);
  } finally {
    Deno.removeSync(path);
    Deno.removeSync(`${path}.zst`);
  }
});
