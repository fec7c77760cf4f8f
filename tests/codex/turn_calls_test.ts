import { assertEquals } from "@std/assert";
import type { TurnRequest } from "../../assets/lib/codex/engine.ts";
import type { RpcConnection } from "../../assets/lib/codex/rpc.ts";
import { openThread, startTurn } from "../../assets/lib/codex/turn_calls.ts";
import { plainRequest } from "./plain_request.ts";

/** The calls that a request makes, `configured` being the sandbox of codex's own configuration. */
async function callsOf(
  partial: Partial<TurnRequest>,
  configured: Record<string, unknown> = { type: "readOnly" },
) {
  // deno-lint-ignore no-explicit-any
  const calls: { method: string; params: any }[] = [];
  const rpc = {
    request(method: string, params: unknown) {
      if (method !== "config/read") calls.push({ method, params });
      return Promise.resolve({
        config: { sandbox_mode: null, sandbox_workspace_write: null },
        thread: { id: "t" },
        turn: { id: "u" },
        sandbox: configured,
      });
    },
  } as unknown as RpcConnection;
  const request = { ...plainRequest("hi", "/repo"), ...partial };
  const id = await startTurn(rpc, await openThread(rpc, request), request);
  assertEquals(id, "u");
  return calls;
}

Deno.test("Row C5: what was not chosen is not sent: codex's configuration decides", async () => {
  assertEquals(
    await callsOf({}),
    [
      {
        method: "thread/start",
        params: {
          cwd: "/repo",
          approvalPolicy: "never",
          serviceName: "codex-server",
          threadSource: "codex-server",
        },
      },
      {
        method: "turn/start",
        params: {
          threadId: "t",
          input: [{ type: "text", text: "hi", text_elements: [] }],
          sandboxPolicy: undefined,
        },
      },
    ].map((call) => JSON.parse(JSON.stringify(call))),
  );
});

Deno.test("Row C5: a thread is opened read-only whatever sandbox was asked for; the turn has the real one", async () => {
  for (
    const [sandbox, type] of [
      ["workspace-write", "workspaceWrite"],
      ["danger-full-access", "dangerFullAccess"],
      ["read-only", "readOnly"],
    ] as const
  ) {
    const [open, start] = await callsOf({ sandbox });
    assertEquals(open!.params.sandbox, "read-only");
    assertEquals(start!.params.sandboxPolicy.type, type);
  }
});

Deno.test("Row C6: a thread is resumed or forked with the same overrides", async () => {
  const [resumed] = await callsOf({ threadId: "t", model: "m" });
  assertEquals(resumed, {
    method: "thread/resume",
    params: {
      cwd: "/repo",
      approvalPolicy: "never",
      model: "m",
      threadId: "t",
      excludeTurns: true,
    },
  });
  const [forked] = await callsOf({ threadId: "t", fork: true });
  assertEquals(forked!.method, "thread/fork");
});

Deno.test("Row D29: an ephemeral turn is one on a new thread and on a copy alike", async () => {
  const [started] = await callsOf({ ephemeral: true });
  assertEquals(started!.params.ephemeral, true);
  const [forked] = await callsOf({
    threadId: "t",
    fork: true,
    ephemeral: true,
  });
  assertEquals(forked!.params.ephemeral, true);
});

Deno.test("Row C9: images come first, by URL or by path, then skills and mentions, then the text", async () => {
  const [, start] = await callsOf({
    images: ["/a.png", "https://x.test/b.png", "data:image/png;base64,AA=="],
    skills: [{ name: "s", path: "/s" }],
    mentions: [{ name: "m", path: "/m" }],
  });
  assertEquals(start!.params.input, [
    { type: "localImage", path: "/a.png" },
    { type: "image", url: "https://x.test/b.png" },
    { type: "image", url: "data:image/png;base64,AA==" },
    { type: "skill", name: "s", path: "/s" },
    { type: "mention", name: "m", path: "/m" },
    { type: "text", text: "hi", text_elements: [] },
  ]);
});

Deno.test("Row C14: a review names its target and starts no turn of its own", async () => {
  for (
    const review of [
      { type: "uncommittedChanges" },
      { type: "baseBranch", branch: "main" },
      { type: "commit", sha: "abc", title: "Title" },
      { type: "custom", instructions: "look" },
    ]
  ) {
    const [, start, ...more] = await callsOf({ review });
    assertEquals(start, {
      method: "review/start",
      params: { threadId: "t", target: review, delivery: "inline" },
    });
    assertEquals(more, []);
  }
});

Deno.test("Row C10: the sandbox of a turn, from what was asked and what is configured", async (t) => {
  const write = (
    writableRoots: string[] = [],
    networkAccess = false,
  ) => ({
    type: "workspaceWrite",
    writableRoots,
    networkAccess,
    excludeTmpdirEnvVar: false,
    excludeSlashTmp: false,
  });
  const cases: [
    name: string,
    asked: Partial<TurnRequest>,
    configured: string,
    policy: unknown,
  ][] = [
    ["nothing asked", {}, "readOnly", null],
    ["nothing asked, write configured", {}, "workspaceWrite", null],
    ["nothing asked, danger configured", {}, "dangerFullAccess", null],
    ["read-only", { sandbox: "read-only" }, "dangerFullAccess", {
      type: "readOnly",
      networkAccess: false,
    }],
    ["write", { sandbox: "workspace-write" }, "readOnly", write()],
    [
      "write with network",
      { sandbox: "workspace-write", network: true },
      "readOnly",
      write([], true),
    ],
    [
      "write with roots",
      { sandbox: "workspace-write", addDirs: ["/x", "/y"] },
      "readOnly",
      write(["/x", "/y"]),
    ],
    ["danger", { sandbox: "danger-full-access" }, "readOnly", {
      type: "dangerFullAccess",
    }],
    [
      "network, write configured",
      { network: true },
      "workspaceWrite",
      write([], true),
    ],
    [
      "roots, write configured",
      { addDirs: ["/x"] },
      "workspaceWrite",
      write(["/x"]),
    ],
    ["network, read-only configured", { network: true }, "readOnly", null],
    ["roots, danger configured", { addDirs: ["/x"] }, "dangerFullAccess", null],
    ["a sandbox of the user's own", { network: true }, "externalSandbox", null],
  ];
  for (const [name, asked, configured, policy] of cases) {
    await t.step(name, async () => {
      const opened = configured === "workspaceWrite"
        ? write()
        : { type: configured };
      const [, start] = await callsOf(asked, opened);
      assertEquals(start!.params.sandboxPolicy ?? null, policy);
    });
  }
});

Deno.test("a root that is added leaves what the user configured for the sandbox", async () => {
  const configured = {
    type: "workspaceWrite",
    writableRoots: ["/configured"],
    networkAccess: true,
    excludeTmpdirEnvVar: true,
    excludeSlashTmp: true,
  };
  const [, start] = await callsOf({ addDirs: ["/x"] }, configured);
  assertEquals(start!.params.sandboxPolicy, {
    ...configured,
    writableRoots: ["/configured", "/x"],
  });
});

Deno.test("Row C10: effort, summary and schema belong to the turn, model and reviewer to the thread", async () => {
  const [open, start] = await callsOf({
    model: "m",
    effort: "high",
    summary: "concise",
    schema: { type: "object" },
    reviewer: "auto_review",
    approvalPolicy: { granular: { rules: true } },
  });
  assertEquals([open!.params.model, open!.params.approvalsReviewer], [
    "m",
    "auto_review",
  ]);
  assertEquals(open!.params.approvalPolicy, { granular: { rules: true } });
  assertEquals(
    [start!.params.effort, start!.params.summary, start!.params.outputSchema],
    ["high", "concise", { type: "object" }],
  );
});
