import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Lab, openLab, type Ran, ranOf, until } from "../lab.ts";
import { installLauncher, runAsTyped } from "../live_turns/as_typed.ts";
import { pinAppServer } from "../live_turns/pin_app_server.ts";
import { eventsOf, metaOf, outOf } from "../live_turns/turn_text.ts";
import type { Play } from "../loopback/play.ts";
import { message, response } from "../loopback/sse.ts";
import { commandCall, objectCall, printed } from "../loopback/tools.ts";
import { workerOf } from "../worker/killed.ts";
import { ASK, asks, finished, startAsking } from "./asking.ts";
import { assertRefused } from "./refusal.ts";

/** Appends a line: a command that runs twice leaves two. */
const ECHO = "echo ran >> x.txt";
const APPEND = "play command cmd=echo%20ran%20%3E%3E%20x.txt escalate=1";

function fileIn(lab: Lab, name: string): string | null {
  try {
    return Deno.readTextFileSync(`${lab.repo}/${name}`);
  } catch {
    return null;
  }
}

/** What a command says that answered a request, and nothing else. */
function assertSays(ran: Ran, line: RegExp): void {
  assertMatch(ran.stdout, line);
  assertEquals([ran.code, ran.stderr], [0, ""]);
}

/** The requests that were told in events.jsonl. */
const opened = (lab: Lab, turnId: string) =>
  eventsOf(lab, turnId).filter(({ type }) => type === "request.opened")
    .map(({ request }) => request);

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

/** What a fake codex asks: all of them at once. */
const wireCommands = (...all: string[]) => ({
  ask: all.map((command) => ({
    method: "item/commandExecution/requestApproval",
    params: { command },
  })),
});

Deno.test("newcomer C3, Row A38, Row B8, Row D10: an accepted command runs once, the same one is asked again; a declined command leaves the disk untouched", async () => {
  await using lab = await openLab({ play: commands(ECHO, ECHO) });
  const turnId = await startAsking(lab, "twice");
  const status = await lab.json("status", turnId);
  assertEquals(status.phase, "awaiting approval");
  assertEquals(status.pending.map(({ id }: { id: string }) => id), ["r1"]);
  assertMatch(status.pending[0].command, /echo ran/);
  const wrong: [args: string[], says: RegExp][] = [
    [["approve", turnId, "r7"], /No request r7 waits/],
    [["decline", turnId, "r7"], /No request r7 waits/],
    [["answer", turnId, "yes"], /A command is approved or declined/],
  ];
  for (const [args, says] of wrong) {
    const { code, stderr } = await lab.chat(args);
    assertEquals(code, 1, args[0]);
    assertMatch(stderr, says);
  }
  assertEquals(fileIn(lab, "x.txt"), null);
  assertSays(
    await lab.chat(["approve", turnId]),
    /^approved r1: \S+bash -c 'echo ran >> x\.txt' \(command\)\n$/,
  );
  await asks(lab, turnId, "r2");
  assertEquals(fileIn(lab, "x.txt"), "ran\n");
  assertSays(
    await lab.chat(["decline", turnId, "r2"]),
    /^declined r2: .*echo ran >> x\.txt.* \(command\)\n$/,
  );
  await finished(lab, turnId);
  assertEquals(fileIn(lab, "x.txt"), "ran\n");
  assertEquals((await lab.json("status", turnId)).pending, undefined);
  assertEquals(lab.server.turns().length, 3, "it goes on after a no");
  assertMatch(
    outOf(lab, turnId),
    /^\[command\] .*\n\[approval\] r1 command .* — .*\n\[approval\] r1: approved\n\[command\] .* → exit 0, [^]*\n\[approval\] r2: declined\n/,
  );
});

Deno.test("newcomer A3, Row B7, Row B8: files are asked for with their diff; declined, none is made", async () => {
  await using lab = await openLab();
  const turnId = await startAsking(lab, "play patch name=p.txt text=patched", [
    ...[...ASK, "--sandbox", "read-only"],
  ]);
  const { pending: [request] } = await lab.json("status", turnId);
  assertEquals([request.kind, request.cwd], ["files", lab.repo]);
  assertEquals(request.changes, [{
    kind: "add",
    path: `${lab.repo}/p.txt`,
    added: 1,
    removed: 0,
    diff: "@@ -0,0 +1 @@\n+patched\n",
  }]);
  assertEquals(opened(lab, turnId), [request]);
  assertMatch(outOf(lab, turnId), /\[approval\] r1 files add p\.txt \+1 −0 — /);
  assertSays(
    await lab.chat(["decline", turnId]),
    /^declined r1: add p\.txt \+1 −0 \(files\)\n$/,
  );
  await finished(lab, turnId);
  assertEquals(fileIn(lab, "p.txt"), null);
  assertEquals(lab.result(turnId).files_changed, []);
});

Deno.test("Row D10: after --for-session the same command, after --always-prefix what begins alike, is not asked any more", async () => {
  await using lab = await openLab({
    play: commands(ECHO, ECHO, "touch a b", "touch a b"),
  });
  const turnId = await startAsking(lab, "twice");
  assertSays(
    await lab.chat(["approve", turnId, "--for-session"]),
    /^approved r1 for the rest of the turn: .*echo ran/,
  );
  await asks(lab, turnId, "r2");
  assertEquals(fileIn(lab, "x.txt"), "ran\nran\n");
  const { pending: [{ prefix }] } = await lab.json("status", turnId);
  assertEquals(prefix, ["touch", "a", "b"]);
  assertSays(
    await lab.chat(["approve", turnId, "--always-prefix"]),
    /^approved r2 and its prefix from now on: .*touch a b/,
  );
  await finished(lab, turnId);
  assertMatch(outOf(lab, turnId), /r1: approved for the rest of the turn\n/);
  assertEquals(opened(lab, turnId).length, 2);
});

Deno.test("--for-session and --always-prefix exclude each other, --grant takes a JSON object", async () => {
  await using lab = await openLab();
  const grants = ["yes", "[1]", "null"].map((grant) => ["--grant", grant]);
  for (const flags of [["--for-session", "--always-prefix"], ...grants]) {
    const { code } = await lab.chat(["approve", "abc", ...flags]);
    assertEquals(code, 2, flags.join(" "));
  }
});

/** Asks four times for network access and a directory, then says what it was given. */
const permissions: Play = (request) =>
  response(
    request,
    request.toolOutputs.length < 4
      ? objectCall(request, "request_permissions", {
        reason: "To fetch",
        permissions: {
          network: { enabled: true },
          file_system: { write: ["/srv"] },
        },
      })
      : message([`[${request.toolOutputs.map(printed).join()}]`]),
  );

Deno.test("Row D11, review S10: permissions are granted in part, with their scope, or whole; never more than was asked, and nothing when declined", async () => {
  await using lab = await openLab({ play: permissions });
  const tool = "features.request_permissions_tool=true";
  const turnId = await startAsking(lab, "go", [...ASK, "--config", tool]);
  const { pending: [request] } = await lab.json("status", turnId);
  assertEquals(request.kind, "permissions");
  assertEquals(request.permissions.network, { enabled: true });
  assertEquals(request.permissions.fileSystem.write, ["/srv"]);
  await lab.chat(["decline", turnId]);

  await asks(lab, turnId, "r2");
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
    /^approved r2, in part: .* \(permissions\) → .*"\/srv\/www"/,
  );
  await asks(lab, turnId, "r3");
  const network = ["--grant", '{"network":{"enabled":true}}'];
  await lab.chat(["approve", turnId, ...network, "--for-session"]);
  await asks(lab, turnId, "r4");
  await lab.chat(["approve", turnId]);
  await finished(lab, turnId);

  const [none, path, online, whole] = JSON.parse(lab.result(turnId).text);
  assertEquals(none.permissions.network ?? null, null);
  assertEquals(none.permissions.file_system ?? null, null);
  assertEquals(path.permissions.file_system, { write: ["/srv/www"] });
  assertEquals(path.scope, "turn");
  assertEquals(online.permissions.network, { enabled: true });
  assertEquals(online.permissions.file_system ?? null, null);
  assertEquals(online.scope, "session");
  assertEquals(whole.permissions.network, { enabled: true });
  assertStringIncludes(JSON.stringify(whole.permissions.file_system), "/srv");
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

Deno.test("Row A38: the command in out.txt and in watch that says approve or decline does it as it stands there", async () => {
  await using lab = await openLab({ play: commands(ECHO, ECHO) });
  installLauncher(lab);
  const turnId = await startAsking(lab, "twice");
  const watching = lab.spawn(["watch", turnId]);
  // The line may still be in the writing when the request already waits.
  const lineOf = async (request: string) => {
    const line = new RegExp(
      `^\\[approval\\] ${request} .* — ((\\S+) approve \\S+ ${request}), or (decline \\S+ ${request})$`,
      "m",
    );
    await until(() => line.test(outOf(lab, turnId)), `${request}'s line`);
    const [, approve, launcher, decline] = line.exec(outOf(lab, turnId))!;
    return { approve: approve!, launcher: launcher!, decline: decline! };
  };
  const first = await lineOf("r1");
  const approved = await runAsTyped(lab, first.approve);
  assertEquals(approved.code, 0, approved.stderr);
  await asks(lab, turnId, "r2");
  const { launcher, decline } = await lineOf("r2");
  const declined = await runAsTyped(lab, `${launcher} ${decline}`);
  assertEquals(declined.code, 0, declined.stderr);
  await finished(lab, turnId);
  assertEquals(fileIn(lab, "x.txt"), "ran\n");
  const { stdout: watched } = await ranOf(watching.output());
  for (const text of [first.approve, first.decline, decline]) {
    assertStringIncludes(watched, text);
  }
});

Deno.test("two approves at once have one winner, an approve and a decline too; the others are told, and the disk agrees", async () => {
  await using lab = await openLab();
  const turnId = await startAsking(lab, APPEND);
  const verbs = ["approve", "approve", "decline"];
  const all = await Promise.all(
    verbs.map((verb) => lab.chat([verb, turnId, "r1"])),
  );
  assertEquals(all.map(({ code }) => code).sort(), [0, 1, 1]);
  for (const { code, stderr } of all) {
    if (code === 1) assertMatch(stderr, /No request r1 waits|is complete/);
  }
  const winner = all.findIndex(({ code }) => code === 0);
  assertSays(all[winner]!, /^(approved|declined) r1: /);
  await finished(lab, turnId);
  assertEquals(
    fileIn(lab, "x.txt"),
    verbs[winner] === "approve" ? "ran\n" : null,
  );
});

Deno.test("with several requests the one that is meant has to be named", async () => {
  await using lab = await openLab();
  const fake = pinAppServer(lab, [wireCommands("one", "two")]);
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
  const decisions = fake.answers().map(({ result }) => result.decision);
  assertEquals(decisions, ["decline", "accept"]);
});

Deno.test("review A16, S2: approve without a request answers what was asked when it was called, and nothing that is asked later", async () => {
  await using lab = await openLab();
  const fake = pinAppServer(
    lab,
    ["rm one", "rm two"].map((rm) => wireCommands(rm)),
  );
  const turnId = await startAsking(lab, "go");
  const worker = await workerOf(lab, turnId);
  // The yes to r1 is on its way while somebody else answers r1 and codex asks r2.
  Deno.kill(worker, "SIGSTOP");
  const approving = lab.chat(["approve", turnId]);
  const { control } = lab.turn(turnId);
  await until(
    () =>
      Array.from(Deno.readDirSync(control))
        .some(({ name }) => name.endsWith(".request.json")),
    "the yes",
  );
  const path = `${control}/0.request.json`;
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
  const decisions = fake.answers().map(({ result }) => result.decision);
  assertEquals(decisions, ["decline", "accept"]);
  const nothing = await lab.start("play hang", ...ASK);
  const early = await lab.chat(["approve", nothing]);
  assertEquals(early.code, 1);
  assertMatch(early.stderr, /asks nothing now/);
});

Deno.test("newcomer C5: without a turn the one that asks is meant, and told; of several none", async () => {
  await using lab = await openLab();
  const two = [await startAsking(lab, APPEND), await startAsking(lab, APPEND)];
  for (const verb of ["approve", "decline"]) {
    const refused = await lab.chat([verb]);
    assertEquals(refused.code, 2);
    assertMatch(refused.stderr, /2 turns of this repository ask something: /);
    for (const turnId of two) {
      assertStringIncludes(refused.stderr, turnId.slice(-8));
    }
  }
  const [older, newer] = two as [string, string];
  await lab.chat(["cancel", newer]);
  await lab.start("play hang", ...ASK);
  const { code, stdout, stderr } = await lab.chat(["decline"]);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /^declined r1: .*echo ran/);
  assertMatch(
    stderr,
    new RegExp(`^codex-server: note: turn ${older.slice(-8)} `),
  );
  await finished(lab, older);
  assertEquals(fileIn(lab, "x.txt"), null);
});

Deno.test("a request that somebody else resolved no longer waits", async () => {
  await using lab = await openLab();
  const fake = pinAppServer(lab, [wireCommands("ls")]);
  const turnId = await startAsking(lab, "go");
  fake.resolveElsewhere();
  await finished(lab, turnId);
  assertEquals(fake.answers(), []);
  assertMatch(outOf(lab, turnId), /\[approval\] r1: resolved elsewhere\n/);
});

/** A granular policy without the kinds that may be left out. */
const granular = (sandbox_approval: boolean) => ({
  granular: { sandbox_approval, rules: false, mcp_elicitations: true },
});

Deno.test("Row E10: without --approvals ask, or with its kind switched off, nothing is asked, and what needs it is declined", async () => {
  await using lab = await openLab();
  const off = ["--approvals", JSON.stringify(granular(false))];
  for (const flags of [[], off]) {
    const turnId = await lab.run(APPEND, ...flags);
    assertEquals(fileIn(lab, "x.txt"), null);
    assertEquals(opened(lab, turnId), []);
    assertEquals(lab.result(turnId).status, "complete");
  }
});

Deno.test("Row E11, Row D14: an unknown server request is refused with -32601, and the turn goes on", async () => {
  await using lab = await openLab();
  const unknown = ["item/tool/call", "future/request"]
    .map((method) => ({ method, params: { tool: "t", arguments: {} } }));
  const fake = pinAppServer(lab, [{ ask: unknown }]);
  for (const flags of [[], ASK]) {
    const turnId = await lab.run("go", ...flags);
    assertEquals(lab.result(turnId).text, "Played.");
  }
  const answers = fake.answers()
    .map(({ result, error }) => [result, error?.code]);
  assertEquals(answers, Array(4).fill([undefined, -32601]));
});

Deno.test("Row D21: a granular policy reaches codex as it was given, and is kept in meta.json", async () => {
  await using lab = await openLab();
  const policy = granular(true);
  const turnId = await startAsking(lab, APPEND, [
    ...["--approvals", JSON.stringify(policy), "--trace"],
  ]);
  const more = { skill_approval: false, request_permissions: false };
  const whole = { granular: { ...policy.granular, ...more } };
  assertEquals(metaOf(lab, turnId).approvals, whole);
  const started = Deno.readTextFileSync(lab.turn(turnId).rpc).split("\n")
    .filter((line) => line !== "").map((line) => JSON.parse(line).msg)
    .find(({ method }) => method === "thread/start");
  assertEquals(started.params.approvalPolicy, whole);
});

Deno.test("Row D21: a malformed policy is refused with exit 2, and no turn is made", async () => {
  await using lab = await openLab();
  const all = '"sandbox_approval": true, "rules": true, "mcp_elicitations"';
  const policies = [
    ...["", "sometimes", "on-failure", "{", "null", "[]", "{}"],
    ...["true", "[]", "{}", '{"sandbox_approval": true}'].map((kinds) =>
      `{"granular": ${kinds}}`
    ),
    `{"granular": {${all}: "yes"}}`,
    `{"granular": {${all}: true, "more": true}}`,
    `{"granular": {${all}: true}, "other": 1}`,
  ];
  for (const policy of policies) {
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
  await assertRefused(lab, ["new", ...ASK, "--engine", "sdk", "hello"], {
    exit: 2,
    code: "usage",
    says: /needs the app-server engine/,
  });
});
