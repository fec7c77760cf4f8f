import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  metaOfHead,
  metaOfLine,
  sessionMetaOf,
} from "../../assets/lib/codex/session_meta.ts";
import { json, text } from "../arbitrary.ts";

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

/** A first line with its fields in codex's order. */
const anyLine = fc.record({
  cwd: text,
  source: fc.oneof(text, fc.constant({ subagent: "review" })),
  thread_source: fc.constantFrom(undefined, "user", "subagent"),
  instructions: text,
}).map(({ instructions, ...payload }) =>
  line({ ...payload, base_instructions: { text: instructions } })
);

Deno.test("the head says what the whole line says, or nothing, wherever it was cut", () => {
  fc.assert(
    fc.property(anyLine, (line) => {
      const whole = metaOfLine(line)!;
      for (let length = 0; length <= line.length; length++) {
        const cut = metaOfHead(line.slice(0, length));
        // A source with an escape in it is told as it is written; none of codex's has one.
        if (cut) assertEquals({ ...cut, source: whole.source }, whole);
        if (length === line.length) assertEquals(cut?.cwd, whole.cwd);
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("a file that holds anything else is no session, and nothing throws", () => {
  const path = Deno.makeTempFileSync();
  const content = fc.oneof(
    text,
    json.map((value) => JSON.stringify(value)),
    json.map((payload) => JSON.stringify({ type: "session_meta", payload })),
    fc.tuple(anyLine, fc.nat(200)).map(([line, length]) =>
      line.slice(0, length)
    ),
  );
  try {
    fc.assert(
      fc.property(content, (content) => {
        Deno.writeTextFileSync(path, content);
        const meta = sessionMetaOf(path);
        if (meta) assertEquals(typeof meta.cwd, "string");
      }),
      { numRuns: 300 },
    );
  } finally {
    Deno.removeSync(path);
  }
});
