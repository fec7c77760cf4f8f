import { assertEquals } from "@std/assert";
import type { TurnRequest } from "../../assets/lib/codex/engine.ts";
import { recordedCalls, workspaceWrite } from "./turn_request.ts";

/** What a thread is opened with, and what its turn is started with. */
async function callsOf(
  partial: Partial<TurnRequest>,
  configured: Record<string, unknown> = { type: "readOnly" },
) {
  const [open, start] = (await recordedCalls(partial, configured))
    .filter(({ method }) => method !== "config/read");
  return { open: open!, start: start! };
}

/** Without the fields that JSON leaves out. */
const asSent = (value: unknown) => JSON.parse(JSON.stringify(value));

Deno.test("Row C5: what was not chosen is not sent: codex's configuration decides", async () => {
  assertEquals(asSent(await callsOf({})), {
    open: {
      method: "thread/start",
      params: {
        cwd: "/repo",
        approvalPolicy: "never",
        serviceName: "codex-server",
        threadSource: "codex-server",
      },
    },
    start: {
      method: "turn/start",
      params: {
        threadId: "t",
        input: [{ type: "text", text: "hi", text_elements: [] }],
      },
    },
  });
});

Deno.test("Row C6: a thread is resumed or forked with the same overrides", async () => {
  const { open } = await callsOf({ threadId: "t", model: "m" });
  assertEquals(open, {
    method: "thread/resume",
    params: {
      cwd: "/repo",
      approvalPolicy: "never",
      model: "m",
      threadId: "t",
      excludeTurns: true,
    },
  });
});

Deno.test("Row D29: an ephemeral turn is one on a copy, too", async () => {
  const { open } = await callsOf({
    threadId: "t",
    fork: true,
    ephemeral: true,
  });
  assertEquals([open.method, open.params.ephemeral], ["thread/fork", true]);
});

Deno.test("Row C9: images come first, by URL or by path, then skills and mentions, then the text", async () => {
  const { start } = await callsOf({
    images: ["/a.png", "https://x.test/b.png", "data:image/png;base64,AA=="],
    skills: [{ name: "s", path: "/s" }],
    mentions: [{ name: "m", path: "/m" }],
  });
  assertEquals(start.params.input, [
    { type: "localImage", path: "/a.png" },
    { type: "image", url: "https://x.test/b.png" },
    { type: "image", url: "data:image/png;base64,AA==" },
    { type: "skill", name: "s", path: "/s" },
    { type: "mention", name: "m", path: "/m" },
    { type: "text", text: "hi", text_elements: [] },
  ]);
});

const [READ, WRITE, FULL, OWN] = [
  "readOnly",
  "workspaceWrite",
  "dangerFullAccess",
  "externalSandbox",
] as const;
const write = workspaceWrite;

/** What is asked, where what is configured; null: the turn is told nothing. */
const SANDBOXES: [Partial<TurnRequest>, configured: string, unknown][] = [
  [{}, READ, null],
  [{}, WRITE, null],
  [{}, FULL, null],
  [{ sandbox: "read-only" }, FULL, { type: READ, networkAccess: false }],
  [{ sandbox: "workspace-write" }, READ, write()],
  [{ sandbox: "workspace-write", network: true }, READ, write([], true)],
  [
    { sandbox: "workspace-write", addDirs: ["/x", "/y"] },
    READ,
    write(["/x", "/y"]),
  ],
  [{ sandbox: "danger-full-access" }, READ, { type: FULL }],
  [{ network: true }, WRITE, write([], true)],
  [{ addDirs: ["/x"] }, WRITE, write(["/x"])],
  [{ network: true }, READ, null],
  [{ addDirs: ["/x"] }, FULL, null],
  [{ network: true }, OWN, null],
];

for (const [asked, configured, policy] of SANDBOXES) {
  Deno.test(`Row C10: ${JSON.stringify(asked)} where ${configured} is configured`, async () => {
    const { open, start } = await callsOf(
      asked,
      configured === WRITE ? write() : { type: configured },
    );
    assertEquals(start.params.sandboxPolicy ?? null, policy);
    // The thread itself is opened read-only, whatever sandbox the turn has.
    if (asked.sandbox) assertEquals(open.params.sandbox, "read-only");
  });
}

Deno.test("a root that is added leaves what the user configured for the sandbox", async () => {
  const configured = {
    ...write(["/configured"], true),
    excludeTmpdirEnvVar: true,
    excludeSlashTmp: true,
  };
  const { start } = await callsOf({ addDirs: ["/x"] }, configured);
  assertEquals(start.params.sandboxPolicy, {
    ...configured,
    writableRoots: ["/configured", "/x"],
  });
});

Deno.test("Row C10: effort, summary and schema belong to the turn, model and reviewer to the thread", async () => {
  const { open, start } = await callsOf({
    model: "m",
    effort: "high",
    summary: "concise",
    schema: { type: "object" },
    reviewer: "auto_review",
  });
  const { model, approvalsReviewer } = open.params;
  assertEquals([model, approvalsReviewer], ["m", "auto_review"]);
  const { effort, summary, outputSchema } = start.params;
  assertEquals([effort, summary, outputSchema], [
    "high",
    "concise",
    { type: "object" },
  ]);
});
