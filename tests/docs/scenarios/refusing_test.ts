/** scenarios.feature, rule "What cannot work is refused at once and leaves no turn behind". */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { openLab } from "../../lab.ts";

Deno.test("Without a login nothing starts", async () => {
  await using lab = await openLab({ auth: "none" });
  const { code, stderr } = await lab.chat(["new", "hello"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "codex login");
  assertEquals(lab.turnIds(), []);
  for (const verb of ["help", "version"]) {
    assertEquals((await lab.chat([verb])).code, 0);
  }
});

Deno.test("A login with an API key is refused and left alone", async () => {
  await using lab = await openLab({ auth: "api_key" });
  const auth = join(lab.home.codexHome, "auth.json");
  const before = Deno.readTextFileSync(auth);
  const { code, stderr } = await lab.chat(["new", "--json", "hello"]);
  assertEquals(code, 2);
  assertEquals(JSON.parse(stderr).error.code, "api_key_login");
  assertEquals(Deno.readTextFileSync(auth), before);
  assertEquals(lab.turnIds(), []);
});

Deno.test("An API key in the environment never takes effect", async () => {
  await using lab = await openLab();
  const env = {
    OPENAI_API_KEY: "sk-canary-1",
    CODEX_API_KEY: "sk-canary-2",
    CODEX_ACCESS_TOKEN: "canary-3",
  };
  const { code } = await lab.chat(["new", "--wait", "hello"], { env });
  assertEquals(code, 0);
  const [request] = lab.server.turns();
  assert(request!.headers["chatgpt-account-id"]);
  assert(!JSON.stringify(lab.server.requests).includes("canary"));
});

Deno.test("Bad input is refused with one line", async () => {
  await using lab = await openLab();
  const cases: [args: string[], code: number][] = [
    [["new", " "], 2],
    [["new", "--cwd", "/nowhere", "hello"], 2],
    [["new", "--image", "/nowhere.png", "hello"], 2],
    [["new", "--schema", "/nowhere.json", "hello"], 5],
    [["new", "--colour", "hello"], 2],
    [["continue", "--thread", "../../etc", "hello"], 2],
    [["dance"], 2],
  ];
  for (const [args, expected] of cases) {
    const { code, stdout, stderr } = await lab.chat(args);
    assertEquals([code, stdout], [expected, ""], args.join(" "));
    assertEquals(stderr.match(/^codex-server: .+ — .+$/gm)?.length, 1, stderr);
    assertEquals(stderr.split("\n").length, 2, stderr);
  }
  assertEquals(lab.turnIds(), []);
});

Deno.test("An unknown turn is missing", async () => {
  await using lab = await openLab();
  const turnId = "01a1fe9c-b3ab-732f-8a5a-2922ba225a97";
  const { code, stdout } = await lab.chat(["status", turnId]);
  assertEquals(code, 6);
  assertEquals(JSON.parse(stdout).state, "missing");
  assertEquals((await lab.chat(["wait", turnId])).code, 6);
});

Deno.test("Outside a repository the check must be skipped", async () => {
  await using lab = await openLab();
  const cwd = join(lab.home.home, "plain");
  Deno.mkdirSync(cwd);
  const refused = await lab.chat(["new", "--json", "hello"], { cwd });
  assertEquals(refused.code, 2);
  assertEquals(JSON.parse(refused.stderr).error.code, "not_a_repository");
  const { code } = await lab.chat(
    ["new", "--skip-git-check", "--wait", "hello"],
    { cwd },
  );
  assertEquals(code, 0);
});
