import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { readTextIfExists } from "../../assets/lib/system/files.ts";
import { imageUrl } from "../commands/images.ts";
import { pinFake } from "../codex/fake_codex.ts";
import { type Lab, openLab, pinCodex, processesOf, until } from "../lab.ts";

/** What the fake says as `codex exec`: a turn that answers `from exec`. */
const EXEC = `
cat > /dev/null
echo '{"type":"thread.started","thread_id":"01a1fe8e-d5c8-77c3-a907-824799b88933"}'
echo '{"type":"turn.started"}'
echo '{"type":"item.completed","item":{"id":"i0","type":"agent_message","text":"from exec"}}'
echo '{"type":"turn.completed","usage":{"input_tokens":3,"cached_input_tokens":1,"output_tokens":2}}'
`;

/** Pins a codex that plays exec, and `body` as its app-server; notes which of them ran. */
function pinTwoFaced(lab: Lab, body: string, probed = true): void {
  const path = join(lab.home.home, `fake-${crypto.randomUUID()}`);
  const runs = join(lab.home.home, "runs");
  Deno.writeTextFileSync(
    path,
    `#!/bin/sh
echo "$1" >> '${runs}'
case "$1" in
app-server)
${body}
;;
*)
${EXEC}
;;
esac
`,
    { mode: 0o755 },
  );
  pinCodex(lab.home.home, path, { appServer: probed });
}

/** Which programs ran, in order. */
const runs = (lab: Lab): string[] =>
  (readTextIfExists(join(lab.home.home, "runs")) ?? "").match(/.+/g) ?? [];

/** worker.log so far: the worker opens it when it comes. */
const logOf = (lab: Lab, turnId: string): string =>
  readTextIfExists(lab.turn(turnId).log) ?? "";

const engineOf = (lab: Lab, turnId: string): string =>
  JSON.parse(Deno.readTextFileSync(lab.turn(turnId).meta)).engine;

Deno.test("auto runs the app-server where setup found that it works, and the SDK where it does not", async () => {
  await using lab = await openLab();
  const first = await lab.run("hello");
  assertEquals(lab.result(first).text, "You said: hello");
  assertMatch(logOf(lab, first), /through app-server/);
  pinCodex(lab.home.home, lab.codex, { appServer: false });
  const second = await lab.run("hello");
  assertEquals(lab.result(second).text, "You said: hello");
  assertMatch(logOf(lab, second), /setup found .* the SDK runs the turn/);
  assertMatch(logOf(lab, second), /through sdk/);
});

/** Ways in which a handshake fails, and what worker.log must say of each. */
const FAILURES: [name: string, body: string, said: RegExp][] = [
  ["exits", "echo canary-why >&2; exit 9", /canary-why/],
  ["is killed", "kill -9 $$", /SIGKILL|signal/],
  ["prints garbage and exits", "echo not json; exit 2", /not json/],
  [
    "refuses",
    `read line; echo '{"id":0,"error":{"code":-1,"message":"canary-no"}}'; cat > /dev/null`,
    /canary-no/,
  ],
];

for (const [name, body, said] of FAILURES) {
  Deno.test(`the SDK takes over when the app-server ${name} at the handshake, and codex runs once`, async () => {
    await using lab = await openLab();
    pinTwoFaced(lab, body);
    const turnId = await lab.run("hi");
    const { status, text, error } = lab.result(turnId);
    assertEquals(
      [status, text],
      ["complete", "from exec"],
      JSON.stringify(error),
    );
    assertEquals(runs(lab), ["app-server", "exec"]);
    const log = logOf(lab, turnId);
    assertMatch(log, /handshake failed, the SDK takes over/);
    assertMatch(log, said);
    assertMatch(log, /through sdk/);
    const events = Deno.readTextFileSync(lab.turn(turnId).events);
    assertEquals(events.match(/thread\.started/g)!.length, 1);
    assertEquals(engineOf(lab, turnId), "sdk");
  });
}

Deno.test("the SDK takes over when the app-server is silent or babbles at the handshake, and neither is left", async () => {
  const hanging = ["exec sleep 121", "while :; do echo babble; sleep 1; done"];
  await Promise.all(hanging.map(async (body) => {
    await using lab = await openLab();
    pinTwoFaced(lab, body);
    const turnId = await lab.start("hi");
    await until(
      () => logOf(lab, turnId).includes("the SDK takes over"),
      "the SDK to take over",
      120_000,
    );
    await lab.chat(["wait", turnId]);
    assertEquals(lab.result(turnId).text, "from exec");
    assertEquals(runs(lab), ["app-server", "exec"]);
    await until(() => processesOf(lab.home.home).length === 0, "their end");
  }));
});

Deno.test("--engine app-server does not fall back: the turn fails and says why", async (t) => {
  await using lab = await openLab();
  for (const [name, body, said] of FAILURES) {
    await t.step(name, async () => {
      pinTwoFaced(lab, body);
      const before = runs(lab).length;
      const turnId = await lab.run("hi", "--engine", "app-server");
      const { status, error } = lab.result(turnId);
      assertEquals([status, error.code], ["failed", "handshake_failed"]);
      // A stray line is the log's, the rest is the error's.
      const told = name.includes("garbage")
        ? logOf(lab, turnId)
        : error.message;
      assertMatch(told, said);
      assert(error.hint !== "");
      assertEquals(runs(lab).slice(before), ["app-server"]);
    });
  }
});

Deno.test("--engine app-server runs it although setup's probe failed", async () => {
  await using lab = await openLab();
  pinCodex(lab.home.home, lab.codex, { appServer: false });
  const turnId = await lab.run("hello", "--engine", "app-server");
  assertEquals(lab.result(turnId).text, "You said: hello");
  assertMatch(logOf(lab, turnId), /through app-server/);
});

Deno.test("what only the app-server can do does not fall back", async (t) => {
  await using lab = await openLab();
  const flags = [
    ["--approvals", "ask"],
    ["--approvals", "untrusted"],
    ["--ephemeral"],
    ["--lean"],
    ["--image", imageUrl("png")],
    ["--skill", `s=${join(lab.repo, "README.md")}`],
    ["--mention", "m=app://calendar"],
    ["--summary", "concise"],
    ["--reviewer", "auto_review", "--approvals", "ask"],
  ];
  for (const probed of [true, false]) {
    for (const given of flags) {
      await t.step(
        `${given[0]} ${given[1] ?? ""}, probed ${probed}`,
        async () => {
          pinTwoFaced(lab, "exit 1", probed);
          const before = runs(lab).length;
          const turnId = await lab.run("hi", ...given);
          assertEquals(lab.result(turnId).status, "failed");
          assertEquals(runs(lab).slice(before), ["app-server"]);
        },
      );
    }
  }
});

Deno.test("once a turn has started nothing takes over", async () => {
  await using lab = await openLab();
  const body = 'echo "$1" >> "$HOME/runs"; hear; begin; kill -ABRT $$';
  pinFake(lab, body, { probed: true });
  const turnId = await lab.run("hi");
  assertEquals(lab.result(turnId).error.code, "codex_exited");
  assertEquals(runs(lab), ["app-server"]);
});
