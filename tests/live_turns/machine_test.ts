import { assert, assertEquals } from "@std/assert";
import { type Lab, openLab } from "../lab.ts";
import { metaOf } from "./turn_text.ts";

const ENGINES = ["app-server", "sdk"];
const SANDBOXES = ["read-only", "workspace-write", "danger-full-access"];
/** Writes a file into the repository, if the sandbox lets it. */
const writes = (name: string) => `play patch name=${name} text=${name}`;

async function done(lab: Lab, turnId: string): Promise<void> {
  const { code, stderr } = await lab.chat(["wait", turnId]);
  assertEquals(code, 0, stderr);
}

async function go(lab: Lab, ...args: string[]): Promise<string> {
  const { turn_id } = await lab.json(...args);
  await done(lab, turn_id);
  return turn_id;
}

const has = (lab: Lab, name: string): boolean =>
  Array.from(Deno.readDirSync(lab.repo), (entry) => entry.name).includes(name);

for (const engine of ENGINES) {
  Deno.test(`the user's config.toml stays byte-equal, whatever the sandbox (${engine})`, async () => {
    await using lab = await openLab();
    const path = `${lab.home.codexHome}/config.toml`;
    const before = Deno.readTextFileSync(path);
    for (const sandbox of SANDBOXES) {
      const flags = ["--engine", engine, "--sandbox", sandbox];
      await go(lab, "new", ...flags, "hello");
      await go(lab, "continue", ...flags, "more");
      assertEquals(Deno.readTextFileSync(path), before, sandbox);
    }
    await go(lab, "continue", "--engine", engine, "as before");
    await go(lab, "new", "--engine", engine, "--write", "--network", "hello");
    assertEquals(Deno.readTextFileSync(path), before);
  });

  Deno.test(`a sandbox from config.toml holds, and the file stays byte-equal (${engine})`, async () => {
    await using lab = await openLab({
      config: 'sandbox_mode = "workspace-write"',
    });
    const path = `${lab.home.codexHome}/config.toml`;
    const before = Deno.readTextFileSync(path);
    const turnId = await go(lab, "new", "--engine", engine, writes("a.txt"));
    assert(has(lab, "a.txt"));
    assertEquals(metaOf(lab, turnId).sandbox, "workspace-write");
    assertEquals(Deno.readTextFileSync(path), before);
  });

  Deno.test(`continue repeats the sandbox of the thread's last turn, looser or tighter than the default (${engine})`, async () => {
    await using lab = await openLab();
    const on = ["--engine", engine];
    await go(lab, "new", ...on, "--write", "hello");
    const second = await go(lab, "continue", ...on, writes("two.txt"));
    assert(has(lab, "two.txt"), "it may still write");
    assertEquals(metaOf(lab, second).sandbox, "workspace-write");
    await go(lab, "continue", ...on, "--sandbox", "read-only", "tighter");
    const fourth = await go(lab, "continue", ...on, writes("four.txt"));
    assert(!has(lab, "four.txt"), "it may not write any more");
    assertEquals(metaOf(lab, fourth).sandbox, "read-only");
  });

  Deno.test(`continue repeats the sandbox of a thread that plain codex exec started (${engine})`, async () => {
    await using lab = await openLab();
    await execCodex(lab, "--sandbox", "workspace-write");
    const turnId = await go(
      ...[lab, "continue", "--engine", engine, writes("a.txt")] as const,
    );
    assert(has(lab, "a.txt"), "it may write");
    assertEquals(metaOf(lab, turnId).sandbox, "workspace-write");
    assertEquals(metaOf(lab, turnId).network, false);
  });

  Deno.test(`continue repeats the network access of a thread that plain codex exec started (${engine})`, async () => {
    await using lab = await openLab();
    await execCodex(
      lab,
      ...["--sandbox", "workspace-write"],
      ...["-c", "sandbox_workspace_write.network_access=true"],
    );
    const turnId = await go(lab, "continue", "--engine", engine, "hello");
    assertEquals(metaOf(lab, turnId).network, true);
    const tight = await go(
      ...[lab, "continue", "--engine", engine, "--write", "hello"] as const,
    );
    assertEquals(metaOf(lab, tight).network, false);
  });

  Deno.test(`continue never loosens a thread that codex exec started read-only (${engine})`, async () => {
    await using lab = await openLab({
      config: 'sandbox_mode = "workspace-write"',
    });
    await execCodex(lab, "--sandbox", "read-only");
    await go(lab, "continue", "--engine", engine, writes("a.txt"));
    assert(!has(lab, "a.txt"));
  });

  Deno.test(`Row D23: .git stays read-only in a workspace that may be written (${engine})`, async () => {
    await using lab = await openLab();
    const command = "touch%20.git/x%20%7C%7C%20echo%20refused";
    const turnId = await go(
      ...[lab, "new", "--engine", engine, "--write"] as const,
      `play command cmd=${command}`,
    );
    assert(lab.result(turnId).text.includes("refused"));
    assert(
      !Array.from(Deno.readDirSync(`${lab.repo}/.git`), ({ name }) => name)
        .includes("x"),
    );
  });
}

/** A turn that the user ran with codex itself. */
async function execCodex(lab: Lab, ...flags: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(lab.codex, {
    args: ["exec", ...flags, "typed into codex"],
    cwd: lab.repo,
    clearEnv: true,
    env: lab.env,
    stdin: "null",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

const SECRETS = {
  OPENAI_API_KEY: "sk-canary-openai",
  CODEX_API_KEY: "sk-canary-codex",
  CODEX_ACCESS_TOKEN: "canary-token",
  OPENAI_BASE_URL: "http://127.0.0.1:9/canary",
};

/** The environment of a command that codex runs, as `env` prints it. */
async function environmentOfCommand(
  lab: Lab,
  engine: string,
): Promise<Map<string, string>> {
  const { stdout, stderr, code } = await lab.chat(
    ["new", "--engine", engine, "play command cmd=env"],
    { env: { ...SECRETS, MY_TOOL: "/opt/my tool", LANG: "C.UTF-8" } },
  );
  assertEquals(code, 0, stderr);
  const { turn_id } = JSON.parse(stdout);
  await done(lab, turn_id);
  const lines = lab.result(turn_id).text.split("\n") as string[];
  return new Map(
    lines.filter((line) => line.includes("=")).map((line) => [
      line.slice(0, line.indexOf("=")),
      line.slice(line.indexOf("=") + 1),
    ]),
  );
}

for (const engine of ENGINES) {
  Deno.test(`commands see the user's environment, through the SDK only what its allow-list names, without secrets (${engine})`, async () => {
    await using lab = await openLab();
    const environment = await environmentOfCommand(lab, engine);
    const all = engine === "app-server";
    assertEquals(environment.get("MY_TOOL"), all ? "/opt/my tool" : undefined);
    assertEquals(environment.get("LANG"), "C.UTF-8");
    if (all) assert(environment.get("PATH")!.includes(lab.env.PATH!));
    for (const name of Object.keys(SECRETS)) {
      assertEquals(environment.get(name) ?? "", "", name);
    }
    for (const name of environment.keys()) {
      // By this one the guardian knows what codex started, whatever became of it.
      if (name === "CODEX_SERVER_NOTE") continue;
      assert(!name.startsWith("CODEX_SERVER_"), `${name} is a thing of ours`);
    }
  });
}
