/** scenarios.feature, rule "Whichever engine runs, the turn is the same". */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type Lab, openLab, pinCodex, withoutWarnings } from "../../lab.ts";

const metaOf = (lab: Lab, turnId: string) =>
  JSON.parse(Deno.readTextFileSync(lab.turn(turnId).meta));
const logOf = (lab: Lab, turnId: string): string =>
  Deno.readTextFileSync(lab.turn(turnId).log);

Deno.test({
  name: "A codex without an app-server leaves the turn to the SDK",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using lab = await openLab();
    const path = join(lab.home.home, "codex-without-app-server");
    Deno.writeTextFileSync(
      path,
      `#!/bin/sh\n[ "$1" = app-server ] && exit 2\nexec '${lab.codex}' "$@"\n`,
    );
    Deno.chmodSync(path, 0o755);
    pinCodex(lab.home.home, path);
    const turnId = await lab.run("hello");
    assertEquals(lab.result(turnId).text, "You said: hello");
    assertEquals(metaOf(lab, turnId).engine, "sdk");
    assertStringIncludes(logOf(lab, turnId), "the SDK takes over");
    assertEquals(lab.server.turns().length, 1);
    const strict = await lab.run("hello", "--engine", "app-server");
    assertEquals(lab.result(strict).status, "failed");
  },
});

Deno.test("What setup found decides which engine runs", async () => {
  await using lab = await openLab();
  pinCodex(lab.home.home, lab.codex, { appServer: false });
  const left = await lab.run("hello");
  assertEquals(metaOf(lab, left).engine, "sdk");
  assertStringIncludes(logOf(lab, left), "setup found");
  pinCodex(lab.home.home, lab.codex, { appServer: true });
  assertEquals(metaOf(lab, await lab.run("hello")).engine, "app-server");
});

Deno.test("What only the app-server can do is refused with the SDK", async () => {
  await using lab = await openLab();
  for (const flags of [["--lean"], ["--approvals", "ask"], ["--trace"]]) {
    const { code, stderr } = await lab.chat(
      ["new", "--engine", "sdk", ...flags, "hello"],
    );
    assertEquals(code, 2);
    assertStringIncludes(stderr, "needs the app-server engine");
  }
  assertEquals(lab.turnIds(), []);
});

Deno.test({
  name: "A lean turn starts none of the user's servers",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using lab = await openLab();
    const started = join(lab.home.home, "started");
    Deno.writeTextFileSync(
      join(lab.home.codexHome, "config.toml"),
      `\n[mcp_servers.mine]\ncommand = "/bin/sh"\nargs = ["-c", "echo x >> '${started}'"]\n`,
      { append: true },
    );
    const isStarted = () => {
      try {
        return Deno.statSync(started).isFile;
      } catch {
        return false;
      }
    };
    const turnId = await lab.run("hello", "--lean");
    assertEquals(lab.result(turnId).text, "You said: hello");
    assert(!isStarted());
    await lab.run("hello");
    assert(isStarted());
  },
});

Deno.test("A traced turn keeps every message of the protocol", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello", "--trace");
  const messages = Deno.readTextFileSync(lab.turn(turnId).rpc).trimEnd()
    .split("\n").map((line) => JSON.parse(line));
  const methods = (way: string) =>
    messages.filter(({ dir }) => dir === way).map(({ msg }) => msg.method);
  assertEquals(methods("out").slice(0, 5), [
    "initialize",
    "initialized",
    "config/read",
    "thread/start",
    "turn/start",
  ]);
  assert(methods("in").includes("item/agentMessage/delta"));
  assert(methods("in").includes("turn/completed"));
});

Deno.test({
  name: "Commands see the caller's environment without the secrets",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using lab = await openLab();
    const { code, stdout } = await lab.chat(
      ["new", "--wait", "play command cmd=env"],
      {
        env: {
          MY_TOOLS: "/opt/tools",
          CODEX_ACCESS_TOKEN: "canary-token",
          LD_LIBRARY_PATH: "/canary-library",
        },
      },
    );
    assertEquals(code, 0);
    assertStringIncludes(stdout, "MY_TOOLS=/opt/tools\n");
    assert(!stdout.includes("canary"), withoutWarnings(stdout));
  },
});
