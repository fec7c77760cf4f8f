import { assertEquals } from "@std/assert";
import {
  metaOfHead,
  metaOfLine,
  sessionMetaOf,
} from "../../assets/lib/codex/session_meta.ts";

const line = (payload: Record<string, unknown>) =>
  JSON.stringify({
    timestamp: "2026-01-01T00:00:01Z",
    type: "session_meta",
    payload: {
      id: "x",
      timestamp: "2026-01-01T00:00:00Z",
      cwd: '/tmp/a "b"\\c é',
      originator: "codex_exec",
      source: "exec",
      ...payload,
      model_provider: "openai",
    },
  });

const EXPECTED = {
  cwd: '/tmp/a "b"\\c é',
  createdAt: "2026-01-01T00:00:00Z",
  source: "exec",
  isSubAgent: false,
  parentId: null,
};

Deno.test("the head of a session file tells the same as its whole first line", () => {
  for (
    const payload of [
      {},
      { source: "cli" },
      { source: { subagent: "review" } },
      { thread_source: "subagent", parent_thread_id: "p" },
      { originator: "codex-server", source: "vscode" },
      { thread_source: "codex-server" },
    ]
  ) {
    const text = `${line(payload)}\n{"type":"other"}\n`;
    assertEquals(metaOfHead(text), metaOfLine(text));
  }
  assertEquals(metaOfHead(line({})), EXPECTED);
  assertEquals(
    metaOfLine(line({ source: { subagent: "x" } }))?.isSubAgent,
    true,
  );
});

Deno.test("a file is read although its fields stand behind long instructions", () => {
  const path = Deno.makeTempFileSync();
  try {
    const late = JSON.stringify({
      type: "session_meta",
      payload: {
        base_instructions: "é".repeat(30_000),
        timestamp: "2026-01-01T00:00:00Z",
        cwd: '/tmp/a "b"\\c é',
        source: "exec",
      },
    });
    Deno.writeTextFileSync(path, `${late}\n{"type":"x"}\n`);
    assertEquals(sessionMetaOf(path), EXPECTED);
    for (const text of ["", "{", "[]\n", '{"type":"other"}\n', "\0\0\n"]) {
      Deno.writeTextFileSync(path, text);
      assertEquals(sessionMetaOf(path), null, text);
    }
    assertEquals(sessionMetaOf("/nowhere"), null);
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("every cut of the head is read as nothing or as the truth", () => {
  const text = line({});
  for (let cut = 0; cut <= text.length; cut++) {
    const meta = metaOfHead(text.slice(0, cut));
    if (meta) assertEquals(meta, EXPECTED, text.slice(0, cut));
  }
});
