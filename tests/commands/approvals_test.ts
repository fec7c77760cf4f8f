import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Lab, openLab, type Ran, until } from "../lab.ts";
import { installLauncher, runAsTyped } from "../live_turns/as_typed.ts";
import { pinAppServer } from "../live_turns/pin_app_server.ts";
import { eventsOf, metaOf, outOf } from "../live_turns/turn_text.ts";
import type { Play } from "../loopback/play.ts";
import { message, response } from "../loopback/sse.ts";
import { workerOf } from "../worker/killed.ts";
import { commandCall, objectCall, printed } from "../loopback/tools.ts";

/** Appends a line: a command that runs twice leaves two. */
const APPEND = "play command cmd=echo%20ran%20%3E%3E%20x.txt escalate=1";
const PATCH = "play patch name=p.txt text=patched";
const ASK = ["--approvals", "ask"];
const ASK_FILES = [...ASK, "--sandbox", "read-only"];

/** Starts a turn and waits until it asks. */
async function startAsking(
  lab: Lab,
  prompt: string,
  flags: string[] = ASK,
): Promise<string> {
  const turnId = await lab.start(prompt, ...flags);
  const waited = await lab.chat(["wait", "--until-input", turnId]);
  assertEquals(waited.code, 8, waited.stderr);
  assertMatch(waited.stdout, /^r1 /);
  return turnId;
}

async function finished(lab: Lab, turnId: string): Promise<void> {
  const { code, stderr } = await lab.chat(["wait", turnId]);
  assertEquals(code, 0, stderr);
}

function fileIn(lab: Lab, name: string): string | null {
  try {
    return Deno.readTextFileSync(`${lab.repo}/${name}`);
  } catch {
    return null;
  }
}

/** The names in a directory that end like this. */
const filesIn = (dir: string, end: string): string[] =>
  Array.from(Deno.readDirSync(dir), ({ name }) => name)
    .filter((name) => name.endsWith(end));

/** What a command says that answered a request, and nothing else. */
function assertSays(ran: Ran, line: RegExp): void {
  assertMatch(ran.stdout, line);
  assertEquals([ran.code, ran.stderr], [0, ""]);
}

Deno.test("newcomer C3, Row A38, Row B8, Row D10: an accepted command runs once", async () => {
  await using lab = await openLab();
  const turnId = await startAsking(lab, APPEND);
  assertEquals(fileIn(lab, "x.txt"), null);
  assertSays(
    await lab.chat(["approve", turnId]),
    /^approved r1: \S+bash -c 'echo ran >> x\.txt' \(command\)\n$/,
  );
  await finished(lab, turnId);
  assertEquals(fileIn(lab, "x.txt"), "ran\n");
  assertMatch(
    outOf(lab, turnId),
    /^\[command\] .*\n\[approval\] r1 command .* — .*\n\[approval\] r1: approved\n\[command\] .* → exit 0, /,
  );
});

Deno.test("Row A38, Row B8, Row D10: a declined command leaves the disk untouched and the turn goes on", async () => {
  await using lab = await openLab();
  const turnId = await startAsking(lab, APPEND);
  assertSays(
    await lab.chat(["decline", turnId, "r1"]),
    /^declined r1: .*echo ran >> x\.txt.* \(command\)\n$/,
  );
  await finished(lab, turnId);
  assertEquals(fileIn(lab, "x.txt"), null);
  assertMatch(outOf(lab, turnId), /\[approval\] r1: declined\n/);
  assertEquals(lab.server.turns().length, 2);
});

Deno.test("newcomer A3, Row B7, Row B8: files are asked for with their diff, accepted and declined", async () => {
  await using lab = await openLab();
  const declined = await startAsking(lab, PATCH, ASK_FILES);
  const { pending: [request] } = await lab.json("status", declined);
  assertEquals(request.kind, "files");
  assertEquals(request.cwd, lab.repo);
  assertEquals(request.changes, [{
    kind: "add",
    path: `${lab.repo}/p.txt`,
    added: 1,
    removed: 0,
    diff: "@@ -0,0 +1 @@\n+patched\n",
  }]);
  const opened = eventsOf(lab, declined)
    .find(({ type }) => type === "request.opened");
  assertEquals(opened?.request, request);
  const asks = /\[approval\] r1 files add p\.txt \+1 −0 — /;
  assertMatch(outOf(lab, declined), asks);
  assertSays(
    await lab.chat(["decline", declined]),
    /^declined r1: add p\.txt \+1 −0 \(files\)\n$/,
  );
  await finished(lab, declined);
  assertEquals(fileIn(lab, "p.txt"), null);
  assertEquals(lab.result(declined).files_changed, []);

  const accepted = await startAsking(lab, PATCH, ASK_FILES);
  await lab.chat(["approve", accepted]);
  await finished(lab, accepted);
  assertEquals(fileIn(lab, "p.txt"), "patched\n");
  assertEquals(lab.result(accepted).files_changed, [`${lab.repo}/p.txt`]);
});

/** Runs these commands one after the other, each outside the sandbox. */
const commands = (...all: string[]): Play => (request) => {
  const next = all[request.toolOutputs.length];
  return response(
    request,
    next === undefined
      ? message(["Done."])
      : commandCall(request, next, { escalate: true }),
  );
};

Deno.test("Row D10: --for-session: the same command is not asked a second time", async () => {
  const echo = "echo ran >> x.txt";
  await using lab = await openLab({ play: commands(echo, echo) });
  const turnId = await startAsking(lab, "twice");
  assertSays(
    await lab.chat(["approve", turnId, "--for-session"]),
    /^approved r1 for the rest of the turn: .*echo ran/,
  );
  await finished(lab, turnId);
  assertEquals(fileIn(lab, "x.txt"), "ran\nran\n");
  assertMatch(outOf(lab, turnId), /r1: approved for the rest of the turn\n/);
  const asked = eventsOf(lab, turnId).filter(({ type }) =>
    type === "request.opened"
  );
  assertEquals(asked.length, 1);
});

Deno.test("Row D10: without --for-session the same command is asked again, as another request", async () => {
  const echo = "echo ran >> x.txt";
  await using lab = await openLab({ play: commands(echo, echo) });
  const turnId = await startAsking(lab, "twice");
  await lab.chat(["approve", turnId]);
  const { stdout } = await lab.chat(["wait", "--until-input", turnId]);
  assertMatch(stdout, /^r2 command /);
  await lab.chat(["decline", turnId, "r2"]);
  await finished(lab, turnId);
  assertEquals(fileIn(lab, "x.txt"), "ran\n");
});

Deno.test("Row D10: --always-prefix: what begins alike is not asked any more", async () => {
  await using lab = await openLab({ play: commands("touch a b", "touch a b") });
  const turnId = await startAsking(lab, "twice");
  const { pending: [{ prefix }] } = await lab.json("status", turnId);
  assertEquals(prefix, ["touch", "a", "b"]);
  assertSays(
    await lab.chat(["approve", turnId, "--always-prefix"]),
    /^approved r1 and its prefix from now on: .*touch a b/,
  );
  await finished(lab, turnId);
  assertEquals(
    eventsOf(lab, turnId).filter(({ type }) => type === "request.opened")
      .length,
    1,
  );
});

Deno.test("--for-session and --always-prefix exclude each other, --grant takes a JSON object", async () => {
  await using lab = await openLab();
  for (
    const flags of [
      ["--for-session", "--always-prefix"],
      ["--grant", "yes"],
      ["--grant", "[1]"],
      ["--grant", "null"],
    ]
  ) {
    const { code } = await lab.chat(["approve", "abc", ...flags]);
    assertEquals(code, 2, flags.join(" "));
  }
});

/** Asks for network access and a directory, then says what it was given. */
const permissions: Play = (request) => {
  const given = request.toolOutputs.map(printed).join("");
  return response(
    request,
    given === ""
      ? objectCall(request, "request_permissions", {
        reason: "To fetch",
        permissions: {
          network: { enabled: true },
          file_system: { write: ["/srv"] },
        },
      })
      : message([given]),
  );
};
const WITH_PERMISSIONS = [
  ...ASK,
  "--config",
  "features.request_permissions_tool=true",
];

Deno.test("Row D11: permissions are granted as a subset, with their scope", async () => {
  await using lab = await openLab({ play: permissions });
  for (
    const [flags, scope] of [[[], "turn"], [["--for-session"], "session"]] as [
      string[],
      string,
    ][]
  ) {
    const turnId = await startAsking(lab, "may I", WITH_PERMISSIONS);
    const { pending: [request] } = await lab.json("status", turnId);
    assertEquals(request.kind, "permissions");
    assertEquals(request.permissions.network, { enabled: true });
    assertEquals(request.permissions.fileSystem.write, ["/srv"]);
    await lab.chat(
      ["approve", turnId, "--grant", '{"network":{"enabled":true}}', ...flags],
    );
    await finished(lab, turnId);
    const granted = JSON.parse(lab.result(turnId).text);
    assertEquals(granted.permissions.network, { enabled: true });
    assertEquals(granted.permissions.file_system ?? null, null);
    assertEquals(granted.scope, scope);
  }
});

Deno.test("Row D11: permissions without --grant are granted whole, declined ones are an empty grant", async () => {
  await using lab = await openLab({ play: permissions });
  const whole = await startAsking(lab, "may I", WITH_PERMISSIONS);
  await lab.chat(["approve", whole]);
  await finished(lab, whole);
  const granted = JSON.parse(lab.result(whole).text).permissions;
  assertEquals(granted.network, { enabled: true });
  assertStringIncludes(JSON.stringify(granted.file_system), "/srv");

  const declined = await startAsking(lab, "may I", WITH_PERMISSIONS);
  await lab.chat(["decline", declined]);
  await finished(lab, declined);
  const none = JSON.parse(lab.result(declined).text).permissions;
  assertEquals([none.network ?? null, none.file_system ?? null], [null, null]);
});

Deno.test("review S10: --grant that gives more than was asked is refused and the request waits on; a part of a path is granted", async () => {
  await using lab = await openLab({ play: permissions });
  const turnId = await startAsking(lab, "may I", WITH_PERMISSIONS);
  const grant = (path: string) =>
    lab.chat([
      ...["approve", turnId, "--grant", `{"fileSystem":{"write":["${path}"]}}`],
    ]);
  for (const path of ["/etc", "/", "/srv/../etc", "/srv2"]) {
    const { code, stderr } = await grant(path);
    assertEquals(code, 1, path);
    assertStringIncludes(stderr, `does not ask to write ${path}`);
  }
  assertSays(
    await grant("/srv/www"),
    /^approved r1, in part: .* \(permissions\) → .*"\/srv\/www"/,
  );
  await finished(lab, turnId);
  const { permissions: granted } = JSON.parse(lab.result(turnId).text);
  assertEquals(granted.file_system, { write: ["/srv/www"] });
});

Deno.test("Row D12: what nobody answers within --approval-timeout is declined", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(APPEND, ...ASK, "--approval-timeout", "1");
  await finished(lab, turnId);
  assertEquals(fileIn(lab, "x.txt"), null);
  assertMatch(
    outOf(lab, turnId),
    /\[approval\] r1: declined: nobody answered in time\n/,
  );
  const late = await lab.chat(["approve", turnId]);
  assertEquals(late.code, 1);
  assertMatch(late.stderr, /is complete/);
});

Deno.test("status tells what waits, under pending and as phase, until it is answered", async () => {
  await using lab = await openLab({ play: commands("touch a", "sleep 1") });
  const turnId = await startAsking(lab, "go");
  const status = await lab.json("status", turnId);
  assertEquals(status.phase, "awaiting approval");
  assertEquals(status.pending.length, 1);
  assertEquals(status.pending[0].id, "r1");
  assertMatch(status.pending[0].command, /touch a/);
  await lab.chat(["approve", turnId]);
  await until(
    async () => (await lab.json("status", turnId)).pending?.[0]?.id === "r2",
    "the second request",
  );
  await lab.chat(["approve", turnId]);
  await until(
    async () => (await lab.json("status", turnId)).pending === undefined,
    "nothing to wait",
  );
  await finished(lab, turnId);
  assertEquals((await lab.json("status", turnId)).pending, undefined);
});

for (const verb of ["approve", "decline"]) {
  Deno.test(`Row A38: the command in out.txt and in watch that says ${verb} does it as it stands there`, async () => {
    await using lab = await openLab();
    installLauncher(lab);
    const turnId = await startAsking(lab, APPEND);
    const watching = lab.spawn(["watch", turnId]);
    const line = outOf(lab, turnId).split("\n").find((text) =>
      text.startsWith("[approval] r1 ")
    )!;
    const [, approve, decline] = /— (\S+ approve \S+ r1), or (decline \S+ r1)$/
      .exec(line)!;
    const launcher = approve!.split(" ")[0];
    const { code, stderr } = await runAsTyped(
      lab,
      verb === "approve" ? approve! : `${launcher} ${decline}`,
    );
    assertEquals(code, 0, stderr);
    await finished(lab, turnId);
    assertEquals(fileIn(lab, "x.txt"), verb === "approve" ? "ran\n" : null);
    const watched = new TextDecoder().decode((await watching.output()).stdout);
    assertStringIncludes(watched, approve!);
    assertStringIncludes(watched, decline!);
  });
}

Deno.test("two approves at once have one winner, and the other is told", async () => {
  await using lab = await openLab();
  const turnId = await startAsking(lab, APPEND);
  const both = await Promise.all(
    [1, 2].map(() => lab.chat(["approve", turnId, "r1"])),
  );
  both.sort((one, other) => one.code - other.code);
  assertSays(both[0]!, /^approved r1: /);
  assertEquals(both[1]!.code, 1);
  assertMatch(both[1]!.stderr, /No request r1 waits|is complete/);
  await finished(lab, turnId);
  assertEquals(fileIn(lab, "x.txt"), "ran\n");
});

Deno.test("an approve and a decline at once: one wins, and the disk agrees with it", async () => {
  await using lab = await openLab();
  const turnId = await startAsking(lab, APPEND);
  const [approved, declined] = await Promise.all([
    lab.chat(["approve", turnId, "r1"]),
    lab.chat(["decline", turnId, "r1"]),
  ]);
  assertEquals([approved!.code, declined!.code].sort(), [0, 1]);
  await finished(lab, turnId);
  assertEquals(fileIn(lab, "x.txt"), approved!.code === 0 ? "ran\n" : null);
});

Deno.test("an answer to an unknown request, or of the wrong kind, changes nothing", async () => {
  await using lab = await openLab();
  const turnId = await startAsking(lab, APPEND);
  for (
    const [args, says] of [
      [["approve", turnId, "r7"], /No request r7 waits/],
      [["decline", turnId, "r7"], /No request r7 waits/],
      [["answer", turnId, "yes"], /A command is approved or declined/],
    ] as [string[], RegExp][]
  ) {
    const { code, stderr } = await lab.chat(args);
    assertEquals(code, 1, args[0]);
    assertMatch(stderr, says);
  }
  assertEquals((await lab.json("status", turnId)).pending.length, 1);
  await lab.chat(["approve", turnId]);
  await finished(lab, turnId);
  assertEquals(fileIn(lab, "x.txt"), "ran\n");
});

Deno.test("with several requests the one that is meant has to be named", async () => {
  await using lab = await openLab();
  const ask = (command: string) => ({
    method: "item/commandExecution/requestApproval",
    params: { command, cwd: lab.repo },
  });
  const fake = pinAppServer(lab, [{ ask: [ask("one"), ask("two")] }]);
  const turnId = await lab.start("go", ...ASK);
  await until(
    async () => (await lab.json("status", turnId)).pending?.length === 2,
    "two requests",
  );
  const unnamed = await lab.chat(["approve", turnId]);
  assertEquals(unnamed.code, 1);
  assertMatch(
    unnamed.stderr,
    /Several requests wait: r1 \(command: one\), r2 \(command: two\)/,
  );
  assertEquals((await lab.chat(["decline", turnId, "r2"])).code, 0);
  assertEquals((await lab.chat(["approve", turnId])).code, 0);
  await finished(lab, turnId);
  assertEquals(fake.answers().map(({ result }) => result.decision), [
    "decline",
    "accept",
  ]);
});

Deno.test("review A16, S2: approve without a request answers what was asked when it was called, and nothing that is asked later", async () => {
  await using lab = await openLab();
  const command = (command: string) => ({
    ask: [{
      method: "item/commandExecution/requestApproval",
      params: { command, cwd: lab.repo },
    }],
  });
  const fake = pinAppServer(lab, [command("rm one"), command("rm two")]);
  const turnId = await startAsking(lab, "go");
  const worker = await workerOf(lab, turnId);
  // The yes to r1 is on its way while somebody else answers r1 and codex asks r2.
  Deno.kill(worker, "SIGSTOP");
  const approving = lab.chat(["approve", turnId]);
  await until(
    () => filesIn(lab.turn(turnId).control, ".request.json").length > 0,
    "the yes",
  );
  const path = `${lab.turn(turnId).control}/0.request.json`;
  Deno.writeTextFileSync(
    `${path}.tmp`,
    '{"kind":"answer","request_id":"r1","answer":{"kind":"decline"}}',
  );
  Deno.renameSync(`${path}.tmp`, path);
  Deno.kill(worker, "SIGCONT");
  const { code, stderr } = await approving;
  assertEquals(code, 1);
  assertMatch(stderr, /No request r1 waits/);
  await until(
    async () => (await lab.json("status", turnId)).pending?.[0]?.id === "r2",
    "the second request",
  );
  assertSays(
    await lab.chat(["approve", turnId]),
    /^approved r2: rm two \(command\)\n$/,
  );
  await finished(lab, turnId);
  assertEquals(fake.answers().map(({ result }) => result.decision), [
    "decline",
    "accept",
  ]);
  const nothing = await lab.start("play hang", ...ASK);
  const early = await lab.chat(["approve", nothing]);
  assertEquals(early.code, 1);
  assertMatch(early.stderr, /asks nothing now/);
});

Deno.test("newcomer C5: without a turn the one that asks is meant, and told; of several none", async () => {
  await using lab = await openLab();
  await lab.start("play hang", ...ASK);
  const first = await startAsking(lab, APPEND);
  const { code, stdout, stderr } = await lab.chat(["decline"]);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /^declined r1: .*echo ran/);
  assertMatch(
    stderr,
    new RegExp(`^codex-server: note: turn ${first.slice(-8)} `),
  );
  await finished(lab, first);
  const two = [await startAsking(lab, APPEND), await startAsking(lab, APPEND)];
  for (const verb of ["approve", "decline"]) {
    const refused = await lab.chat([verb]);
    assertEquals(refused.code, 2);
    assertMatch(refused.stderr, /2 turns of this repository ask something: /);
    for (const turnId of two) {
      assertStringIncludes(refused.stderr, turnId.slice(-8));
    }
  }
  assertEquals(fileIn(lab, "x.txt"), null);
});

Deno.test("a request that somebody else resolved no longer waits", async () => {
  await using lab = await openLab();
  const fake = pinAppServer(lab, [{
    ask: [{
      method: "item/commandExecution/requestApproval",
      params: { command: "ls" },
    }],
  }]);
  const turnId = await startAsking(lab, "go");
  fake.resolveElsewhere();
  await finished(lab, turnId);
  assertEquals(fake.answers(), []);
  assertMatch(outOf(lab, turnId), /\[approval\] r1: resolved elsewhere\n/);
});

Deno.test("Row E10: without --approvals ask nothing is asked, and what needs it is declined", async () => {
  await using lab = await openLab();
  const turnId = await lab.run(APPEND);
  assertEquals(fileIn(lab, "x.txt"), null);
  assertEquals(
    eventsOf(lab, turnId).filter(({ type }) => type === "request.opened"),
    [],
  );
  const fake = pinAppServer(lab, [{
    ask: [
      {
        method: "item/commandExecution/requestApproval",
        params: { command: "ls" },
      },
      { method: "item/fileChange/requestApproval", params: {} },
      {
        method: "item/permissions/requestApproval",
        params: { permissions: { network: { enabled: true } } },
      },
      { method: "item/tool/requestUserInput", params: { questions: [] } },
      {
        method: "mcpServer/elicitation/request",
        params: { serverName: "s", message: "m", requestedSchema: {} },
      },
    ],
  }]);
  const declined = await lab.run("go");
  assertEquals(lab.result(declined).status, "complete");
  assertEquals(
    fake.answers().map(({ result }) => JSON.stringify(result)).sort(),
    [
      { decision: "decline" },
      { decision: "decline" },
      { permissions: {}, scope: "turn" },
      { answers: {} },
      { action: "decline", content: null, _meta: null },
    ].map((result) => JSON.stringify(result)).sort(),
  );
});

Deno.test("Row E11, Row D14: an unknown server request is refused with -32601, and the turn goes on", async () => {
  await using lab = await openLab();
  const unknown = [
    "item/tool/call",
    "account/chatgptAuthTokens/refresh",
    "future/request",
  ].map((method) => ({ method, params: { tool: "t", arguments: {} } }));
  const fake = pinAppServer(lab, [{ ask: unknown }]);
  for (const flags of [[], ASK]) {
    const turnId = await lab.run("go", ...flags);
    assertEquals(lab.result(turnId).text, "Played.");
  }
  const answers = fake.answers();
  assertEquals(answers.length, 6);
  for (const { result, error } of answers) {
    assertEquals(result, undefined);
    assertEquals(error?.code, -32601);
  }
});

Deno.test("Row D21: a granular policy reaches codex as it was given, and is kept in meta.json", async () => {
  await using lab = await openLab();
  const policy = {
    granular: {
      sandbox_approval: true,
      rules: false,
      mcp_elicitations: true,
    },
  };
  const whole = {
    granular: {
      ...policy.granular,
      skill_approval: false,
      request_permissions: false,
    },
  };
  const turnId = await startAsking(lab, APPEND, [
    ...["--approvals", JSON.stringify(policy), "--trace"],
  ]);
  assertEquals(metaOf(lab, turnId).approvals, whole);
  const started = Deno.readTextFileSync(lab.turn(turnId).rpc).split("\n")
    .filter((line) => line !== "").map((line) => JSON.parse(line).msg)
    .find(({ method }) => method === "thread/start");
  assertEquals(started.params.approvalPolicy, whole);
  await lab.chat(["approve", turnId]);
  await finished(lab, turnId);
  assertEquals(fileIn(lab, "x.txt"), "ran\n");
});

Deno.test("a granular policy that switches a kind off gets no request of that kind", async () => {
  await using lab = await openLab();
  const turnId = await lab.run(
    APPEND,
    "--approvals",
    '{"granular": {"sandbox_approval": false, "rules": false, "mcp_elicitations": false}}',
  );
  assertEquals(fileIn(lab, "x.txt"), null);
  assertEquals(lab.result(turnId).status, "complete");
});

Deno.test("Row D21: a malformed policy is refused with exit 2, and no turn is made", async () => {
  await using lab = await openLab();
  for (
    const policy of [
      "",
      "sometimes",
      "on-failure",
      "{",
      "null",
      "[]",
      "{}",
      '{"granular": true}',
      '{"granular": []}',
      '{"granular": {}}',
      '{"granular": {"sandbox_approval": true}}',
      '{"granular": {"sandbox_approval": "yes", "rules": true, "mcp_elicitations": true}}',
      '{"granular": {"sandbox_approval": true, "rules": true, "mcp_elicitations": true, "more": true}}',
      '{"granular": {"sandbox_approval": true, "rules": true, "mcp_elicitations": true}, "other": 1}',
    ]
  ) {
    const { code, stderr } = await lab.chat([
      ...["new", `--approvals=${policy}`, "hello"],
    ]);
    assertEquals(code, 2, policy);
    assertMatch(stderr, /^codex-server: --approvals: /, policy);
  }
  assertEquals(lab.turnIds(), []);
});

Deno.test("approvals on the SDK engine are refused, not passed over", async () => {
  await using lab = await openLab();
  const { code, stderr } = await lab.chat([
    ...["new", ...ASK, "--engine", "sdk", "hello"],
  ]);
  assertEquals(code, 2);
  assertMatch(stderr, /needs the app-server engine/);
  assertEquals(lab.turnIds(), []);
});
