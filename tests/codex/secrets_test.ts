import { assert, assertEquals } from "@std/assert";
import { type Lab, openLab, processesOf, until } from "../lab.ts";

const CANARIES = {
  OPENAI_API_KEY: "sk-canary-openai",
  CODEX_API_KEY: "sk-canary-codex",
  CODEX_ACCESS_TOKEN: "canary-access-token",
  OPENAI_BASE_URL: "http://127.0.0.1:9/canary-base",
};

/** Starts a turn with every canary exported. */
async function startWithCanaries(lab: Lab, prompt: string): Promise<string> {
  const { code, stdout, stderr } = await lab.chat(["new", prompt], {
    env: CANARIES,
  });
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout).turn_id;
}

/** Every file below `dir`. */
function* filesBelow(dir: string): Generator<string> {
  for (const { name, isDirectory, isFile } of Deno.readDirSync(dir)) {
    if (isDirectory) yield* filesBelow(`${dir}/${name}`);
    else if (isFile) yield `${dir}/${name}`;
  }
}

Deno.test("Row A16: API keys in the environment are never read and never take effect", async () => {
  await using lab = await openLab();
  const turnId = await startWithCanaries(lab, "play text words=20 over=4000");
  await until(() => lab.server.openStreams > 0, "the turn to run");

  const codex = processesOf(lab.home.home).filter(({ command }) =>
    command.startsWith(lab.codex)
  );
  assert(codex.length > 0, "codex runs");
  for (const { pid, command } of codex) {
    const environment = Deno.readTextFileSync(`/proc/${pid}/environ`);
    for (const [name, value] of Object.entries(CANARIES)) {
      assert(!environment.includes(value), `${name} is in codex's environment`);
      assert(!command.includes(value), `${name} is on codex's command line`);
    }
  }
  assertEquals((await lab.chat(["wait", turnId])).code, 0);

  const login = JSON.parse(
    Deno.readTextFileSync(`${lab.home.codexHome}/auth.json`),
  );
  const [asked] = lab.server.turns();
  assertEquals(
    asked?.headers.authorization,
    `Bearer ${login.tokens.access_token}`,
  );
  const requests = JSON.stringify(lab.server.requests);
  for (const value of Object.values(CANARIES)) {
    assert(!requests.includes(value), `${value} was sent to the service`);
  }
  for (const path of filesBelow(`${lab.home.home}/.codex-server`)) {
    const text = Deno.readTextFileSync(path);
    for (const value of Object.values(CANARIES)) {
      assert(!text.includes(value), `${value} is in ${path}`);
    }
  }
});

Deno.test("Row D5: the ChatGPT login counts whatever keys are exported, and keys alone count for nothing", async () => {
  await using lab = await openLab({ auth: "none" });
  const { code, stderr } = await lab.chat(["new", "hi"], { env: CANARIES });
  assertEquals(code, 2);
  assert(/codex login/.test(stderr), stderr);
  assertEquals(lab.turnIds(), []);
  assertEquals(lab.server.requests.length, 0);
});

Deno.test("Row D31: no token of the login lies in any file of the tool", async () => {
  await using lab = await openLab({
    provider: "stream_max_retries = 0\nrequest_max_retries = 0",
  });
  await lab.run("play status400");
  await lab.run("hello");
  const login = JSON.parse(
    Deno.readTextFileSync(`${lab.home.codexHome}/auth.json`),
  );
  for (const path of filesBelow(`${lab.home.home}/.codex-server`)) {
    const text = Deno.readTextFileSync(path);
    assert(!text.includes(login.tokens.access_token), path);
    assert(!text.includes(login.tokens.refresh_token), path);
  }
});
