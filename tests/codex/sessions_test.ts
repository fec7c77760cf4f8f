import { assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import {
  findNewestThread,
  findThreadFile,
  sessionFiles,
  startedThreads,
} from "../../assets/lib/codex/sessions.ts";
import { lastMessages, messagesOf } from "../../assets/lib/codex/transcript.ts";
import { withHome } from "../turns/state_home.ts";

const id = (n: number) => `01a1fe8e-d5c8-77c3-a907-${`${n}`.padStart(12, "0")}`;

/** Writes a session file that was last changed `n` seconds into 2026. */
function session(
  home: string,
  n: number,
  {
    cwd = "/work",
    source = "exec" as unknown,
    folder = "sessions/2026/01/01",
  } = {},
): string {
  const path = join(
    home,
    ".codex",
    folder,
    `rollout-2026-01-01T00-00-00-${id(n)}.jsonl`,
  );
  Deno.mkdirSync(dirname(path), { recursive: true });
  Deno.writeTextFileSync(
    path,
    JSON.stringify({
      type: "session_meta",
      payload: { id: id(n), timestamp: "t", cwd, source },
    }) + "\n",
  );
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, n));
  Deno.utimeSync(path, at, at);
  return path;
}

Deno.test(
  "the newest thread of a directory is the one written last, sub-agents and archived ones left out",
  withHome((home) => {
    assertEquals(sessionFiles(), []);
    assertEquals(findNewestThread("/work"), null);
    session(home, 1);
    const path = session(home, 2, { folder: "sessions/2025/12/31" });
    session(home, 3, { source: { subagent: "review" } });
    session(home, 4, { cwd: "/elsewhere" });
    session(home, 5, { folder: "archived_sessions" });
    Deno.writeTextFileSync(join(dirname(path), "notes.txt"), "");
    Deno.writeTextFileSync(
      join(dirname(path), `rollout-x-${id(9)}.jsonl`),
      "torn",
    );
    assertEquals(findNewestThread("/work"), { id: id(2), path });
    assertEquals(
      Array.from(startedThreads(), ({ threadId }) => threadId),
      [id(4), id(2), id(1)],
    );
    assertEquals(findThreadFile(id(2)), path);
    assertEquals(findThreadFile(id(5)), null);
    assertEquals(findThreadFile(id(7)), null);
  }),
);

Deno.test("the messages of a thread come without codex's own context and without torn lines", () => {
  const item = (role: string, ...texts: string[]) =>
    JSON.stringify({
      timestamp: "t",
      type: "response_item",
      payload: {
        type: "message",
        role,
        content: texts.map((text) => ({ type: "input_text", text })),
      },
    });
  const text = [
    item("developer", "rules"),
    item("user", "<environment_context>x</environment_context>"),
    item("user", "# AGENTS.md instructions for /x"),
    item("user", "hello ", "world"),
    '{"type":"response_item","payload":{"type":"reasoning"}}',
    "not json response_item",
    item("assistant", "hi"),
    item("assistant", "cut").slice(0, -9),
  ].join("\n");
  assertEquals(
    messagesOf(text).map(({ role, text }) => `${role}: ${text}`),
    ["user: hello world", "assistant: hi"],
  );
  const path = Deno.makeTempFileSync();
  Deno.writeTextFileSync(path, text);
  assertEquals(lastMessages(path, 300).at(-1)?.text, "hi");
  Deno.removeSync(path);
});
