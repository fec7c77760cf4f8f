import { assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import {
  findNewestThread,
  findThreadFile,
  isArchived,
  sessionFiles,
  sessions,
  threadsNamed,
} from "../../assets/lib/codex/sessions.ts";
import {
  firstPrompt,
  lastMessages,
  messagesOf,
} from "../../assets/lib/codex/transcript.ts";
import { pack } from "../packed.ts";
import { withHome } from "../turns/state_home.ts";

const id = (n: number) => `01a1fe8e-d5c8-77c3-a907-${`${n}`.padStart(12, "0")}`;

/** The line of a message, its text in these pieces. */
const said = (role: string, ...texts: string[]): string =>
  JSON.stringify({
    timestamp: "t",
    type: "response_item",
    payload: {
      type: "message",
      role,
      content: texts.map((text) => ({ type: "input_text", text })),
    },
  }) + "\n";

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
    assertEquals(findNewestThread("/work")?.path, path);
    assertEquals(
      Array.from(sessions(), ({ threadId }) => threadId),
      [id(4), id(3), id(2), id(1)],
    );
    assertEquals(threadsNamed(id(0).slice(0, 30)).length, 5);
    assertEquals(threadsNamed(id(4)), [id(4)]);
    assertEquals(threadsNamed(id(4).slice(-8)), [id(4)]);
    assertEquals([isArchived(id(5)), isArchived(id(4))], [true, false]);
    assertEquals(findThreadFile(id(2)), path);
    assertEquals(findThreadFile(id(5)), null);
    assertEquals(findThreadFile(id(7)), null);
  }),
);

Deno.test(
  "bug 4: a packed thread is found, and one without a source is somebody's",
  withHome((home) => {
    const path = pack(session(home, 1));
    const bare = session(home, 2, { source: null });
    assertEquals(findThreadFile(id(1)), path);
    assertEquals(
      Array.from(sessions(), ({ path, source, isSubAgent }) => ({
        path,
        source,
        isSubAgent,
      })).sort((a, b) => a.source < b.source ? -1 : 1),
      [
        { path, source: "exec", isSubAgent: false },
        { path: bare, source: "unknown", isSubAgent: false },
      ],
    );
  }),
);

Deno.test(
  "bug 4: what was taken back is no part of a thread, and a fork begins with its parent's messages",
  withHome((home) => {
    const first = session(home, 1);
    Deno.writeTextFileSync(first, said("user", "one"), { append: true });
    const end = Deno.statSync(first).size;
    Deno.writeTextFileSync(first, said("user", "taken back"), { append: true });
    const goOn = (name: string, part: string, at: number, text: string) => {
      const path = join(dirname(first), `rollout-x-${name}.jsonl`);
      const history_base = { thread_id: part, end_byte_offset: at };
      const payload = { cwd: "/work", source: "exec", history_base };
      const meta = JSON.stringify({ type: "session_meta", payload }) + "\n";
      Deno.writeTextFileSync(path, meta + said("user", text));
      return path;
    };
    const part = goOn(`${id(1)}_${id(2)}`, id(1), end, "two");
    const fork = goOn(id(3), id(2), 1e6, "three");
    const texts = (path: string, count = 9) =>
      lastMessages(path, count).map(({ text }) => text);
    assertEquals(findThreadFile(id(1)), part);
    assertEquals(texts(part), ["one", "two"]);
    assertEquals(texts(fork), ["one", "two", "three"]);
    assertEquals(texts(fork, 2), ["two", "three"]);
    assertEquals(firstPrompt(fork)?.text, "one");
    goOn(id(4), id(4), 1e6, "a ring");
    assertEquals(texts(findThreadFile(id(4))!, 2), ["a ring", "a ring"]);
  }),
);

Deno.test("bug 4: turns that were rolled back in the file itself are left out", () => {
  const back = (num_turns: number) =>
    JSON.stringify({
      type: "event_msg",
      payload: { type: "thread_rolled_back", num_turns },
    });
  const texts = (...lines: string[]) =>
    messagesOf(lines.join("\n")).map(({ text }) => text);
  const turns = [
    ...[said("user", "1"), said("assistant", "a")],
    ...[said("user", "2"), said("assistant", "b")],
  ];
  assertEquals(texts(...turns, back(1), said("user", "3")), ["1", "a", "3"]);
  assertEquals(texts(...turns, back(2)), []);
  assertEquals(texts(...turns, back(9), said("user", "3")), ["3"]);
});

Deno.test("the messages of a thread come without codex's own context and without torn lines", () => {
  const text = [
    said("developer", "rules"),
    said("user", "<environment_context>x</environment_context>"),
    said("user", "# AGENTS.md instructions for /x"),
    said("user", "hello ", "world"),
    '{"type":"response_item","payload":{"type":"reasoning"}}',
    "not json response_item",
    said("assistant", "hi"),
    said("assistant", "cut").slice(0, -10),
  ].join("\n");
  assertEquals(
    messagesOf(text).map(({ role, text }) => `${role}: ${text}`),
    ["user: hello world", "assistant: hi"],
  );
  const path = Deno.makeTempFileSync();
  Deno.writeTextFileSync(path, text);
  assertEquals(lastMessages(path, 1).at(-1)?.text, "hi");
  Deno.removeSync(path);
});
