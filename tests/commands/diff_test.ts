import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openLab } from "../lab.ts";
import { commandLine, onTerminal } from "../terminal.ts";
import { ASK, startAsking } from "./asking.ts";

const PATCH = "play patch name=p.txt text=one%1b[2J";
const WAITING =
  "diff --git a/p.txt b/p.txt\nnew file mode 100644\n--- /dev/null\n+++ b/p.txt\n@@ -0,0 +1 @@\n+one\x1b[2J\n";

Deno.test("newcomer A3, Row B7: diff shows what waits for a yes, then what was changed, without a login", async () => {
  await using lab = await openLab();
  const turnId = await startAsking(lab, PATCH, [
    ...[...ASK, "--sandbox", "read-only"],
  ]);
  const auth = `${lab.home.home}/.codex/auth.json`;
  Deno.renameSync(auth, `${auth}.away`);
  const short = turnId.slice(-8);
  assertEquals(await lab.chat(["diff", turnId]), {
    code: 0,
    stdout: WAITING,
    stderr:
      `codex-server: note: not made yet: r1 of turn ${short} waits for approve or decline\n`,
  });
  assertEquals(await lab.json("diff", turnId, "--json"), {
    schema_version: 1,
    turn_id: turnId,
    state: "running",
    pending: [{ request_id: "r1", diff: WAITING }],
    changed: "",
  });
  // On a terminal it is coloured, and what the model wrote is shown, not obeyed.
  const command = commandLine(lab, ["diff", turnId]);
  const { stdout } = await onTerminal(lab, command);
  assertStringIncludes(stdout, "\x1b[32m+one␛[2J\x1b[0m\r\n");
  const plain = await onTerminal(lab, command, { env: { NO_COLOR: "1" } });
  assertStringIncludes(plain.stdout, "\r\n+one␛[2J\r\n");

  Deno.renameSync(`${auth}.away`, auth);
  await lab.chat(["approve", turnId]);
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
  assertEquals(lab.result(turnId).files_changed, [`${lab.repo}/p.txt`]);
  const changed = await lab.chat(["diff", turnId]);
  assertEquals(changed.stdout, Deno.readTextFileSync(lab.turn(turnId).diff));
  assertStringIncludes(changed.stdout, "\n+one\x1b[2J\n");
  assertMatch(changed.stderr, /note: turn \S+ changed \+1 −0\n$/);
});

Deno.test("diff of a turn that changed nothing says so; of one through the SDK, that it has none; of none, exit 6", async () => {
  await using lab = await openLab();
  // What a command writes is no patch of codex's.
  const makes = "play command cmd=echo%20x%20%3E%20made.txt";
  const idle = await lab.run(makes, "--write");
  assertEquals(Deno.readTextFileSync(`${lab.repo}/made.txt`), "x\n");
  const nothing = await lab.chat(["diff", idle]);
  assertEquals([nothing.code, nothing.stdout], [0, ""]);
  assertMatch(nothing.stderr, /changed no file by a patch/);
  const sdk = await lab.run("play patch", "--write", "--engine", "sdk");
  const without = await lab.chat(["diff", sdk]);
  assertEquals([without.code, without.stdout], [1, ""]);
  assertMatch(
    without.stderr,
    /has no diff, as its engine gives none; it changed .*hello\.txt/,
  );
  const nobody = "01a1fe8e-d5c8-77c3-a907-824799b88933";
  assertEquals((await lab.chat(["diff", nobody])).code, 6);
});
