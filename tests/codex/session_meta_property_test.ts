import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  metaOfHead,
  metaOfLine,
  sessionMetaOf,
} from "../../assets/lib/codex/session_meta.ts";
import { json, text } from "../arbitrary.ts";

/** A first line with its fields in codex's order. */
const line = fc.record({
  cwd: text,
  source: fc.oneof(text, fc.constant({ subagent: "review" })),
  thread_source: fc.constantFrom(undefined, "user", "subagent"),
  instructions: text,
}).map(({ instructions, ...payload }) =>
  JSON.stringify({
    timestamp: "2026-01-01T00:00:01Z",
    type: "session_meta",
    payload: {
      id: "x",
      timestamp: "2026-01-01T00:00:00Z",
      ...payload,
      model_provider: "openai",
      base_instructions: { text: instructions },
    },
  })
);

Deno.test("the head says what the whole line says, or nothing, wherever it was cut", () => {
  fc.assert(
    fc.property(line, (line) => {
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
    fc.tuple(line, fc.nat(200)).map(([line, length]) => line.slice(0, length)),
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
