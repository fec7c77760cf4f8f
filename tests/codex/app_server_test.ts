/** What goes over the wire to the real app-server and back; turns on it are shown in tests/live_turns. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { VERSION } from "../../assets/lib/version.ts";
import { type Lab, openLab } from "../lab.ts";
import { eventsOf } from "../live_turns/turn_text.ts";
import { pinFake } from "./fake_codex.ts";

/** A message of the protocol, and whether it came in. */
interface Message {
  dir: "in" | "out";
  // deno-lint-ignore no-explicit-any
  msg: any;
}

/** What was said in a turn. */
async function messagesOf(
  lab: Lab,
  prompt: string,
  ...flags: string[]
): Promise<{ turnId: string; messages: Message[] }> {
  const turnId = await lab.run(prompt, "--trace", ...flags);
  const lines = Deno.readTextFileSync(lab.turn(turnId).rpc).trimEnd();
  return {
    turnId,
    messages: lines.split("\n").map((line) => JSON.parse(line)),
  };
}

/** The lines of a type in the lab's only session file. */
// deno-lint-ignore no-explicit-any
function rolloutLines(lab: Lab, type: string): any[] {
  const walk = (directory: string): string[] =>
    Array.from(Deno.readDirSync(directory)).flatMap(({ name, isDirectory }) =>
      isDirectory ? walk(join(directory, name)) : [join(directory, name)]
    );
  return walk(join(lab.home.codexHome, "sessions"))
    .flatMap((path) => Deno.readTextFileSync(path).trimEnd().split("\n"))
    .map((line) => JSON.parse(line))
    .filter((line) => line.type === type);
}

Deno.test("Row B6, Row C1, Row C5, Row C11, Row C13, Row D7: a turn on the wire, from the greeting to its end", async () => {
  await using lab = await openLab();
  const { turnId, messages } = await messagesOf(
    lab,
    "play text over=500",
    "--write",
  );
  assert(messages.every(({ msg }) => !("jsonrpc" in msg)));
  const index = (fits: (message: Message) => boolean): number => {
    const found = messages.findIndex(fits);
    assert(found >= 0);
    return found;
  };
  const sent = (method: string) =>
    messages[index(({ dir, msg }) => dir === "out" && msg.method === method)]!
      .msg;
  const { clientInfo, capabilities } = sent("initialize").params;
  assertEquals(clientInfo, {
    name: "codex-server",
    title: "codex-server",
    version: VERSION,
  });
  assertEquals(capabilities.experimentalApi, false);
  const agent = lab.server.turns()[0]!.headers["user-agent"] ?? "";
  assertMatch(agent, /codex-server/);

  const threadStarted = index(({ msg }) => msg.method === "thread/started");
  assertEquals(eventsOf(lab, turnId)[0], {
    type: "thread.started",
    thread_id: messages[threadStarted]!.msg.params.thread.id,
  });
  const { id } = sent("turn/start");
  const answered = index(({ dir, msg }) => dir === "in" && msg.id === id);
  const { turn } = messages[answered]!.msg.result;
  assertEquals([turn.status, turn.items], ["inProgress", []]);
  const started = index(({ msg }) => msg.method === "turn/started");
  assert(answered < started);
  assertEquals(messages[started]!.msg.params.turn.id, turn.id);
  const ended = messages[index(({ msg }) => msg.method === "turn/completed")]!;
  assertEquals(ended.msg.params.turn.status, "completed");
});

Deno.test("Row C3, Row C4: before initialize codex refuses everything, after it a second one; it tells its user agent", async () => {
  await using lab = await openLab();
  const codex = new Deno.Command(lab.codex, {
    args: ["app-server"],
    clearEnv: true,
    env: lab.env,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = codex.stdin.getWriter();
  const clientInfo = { name: "test", title: "test", version: "1" };
  const methods = ["thread/list", "initialize", "initialize"];
  for (const [id, method] of methods.entries()) {
    const request = { id, method, params: { clientInfo } };
    await writer.write(
      new TextEncoder().encode(JSON.stringify(request) + "\n"),
    );
  }
  let said = "";
  for await (
    const text of codex.stdout.pipeThrough(new TextDecoderStream())
  ) {
    said += text;
    if (said.includes("Already initialized")) break;
  }
  assertMatch(said, /"Not initialized"/);
  assertMatch(said, /"userAgent":"[^"]*\/\d+\.\d+\.\d+ \(/);
  await writer.close();
  await codex.status;
});

Deno.test("Row C9, Row C10: a skill's text reaches the model; directory, policy, sandbox and summary hold for the turn", async () => {
  await using lab = await openLab();
  const skill = join(lab.home.codexHome, "skills/greet/SKILL.md");
  const extra = join(lab.home.home, "extra");
  for (const directory of [join(skill, ".."), extra]) {
    Deno.mkdirSync(directory, { recursive: true });
  }
  Deno.writeTextFileSync(
    skill,
    "---\nname: greet\ndescription: greets\n---\nSay canary-skill-text.\n",
  );
  await lab.run(
    "use $greet",
    ...["--skill", `greet=${skill}`, "--mention", "readme=app://readme"],
    ...["--write", "--network", "--add-dir", extra, "--summary", "concise"],
  );
  const { body } = lab.server.turns()[0]!;
  assertMatch(JSON.stringify(body), /canary-skill-text/);
  const { summary } = body!.reasoning as { summary: string };
  assertEquals(summary, "concise");
  const [{ payload }] = rolloutLines(lab, "turn_context");
  const { cwd, approval_policy, sandbox_policy } = payload;
  assertEquals([cwd, approval_policy], [lab.repo, "never"]);
  assertEquals(sandbox_policy.type, "workspace-write");
  assertEquals(sandbox_policy.network_access, true);
  assertEquals(sandbox_policy.writable_roots, [extra]);
});

Deno.test("what config.toml says of the workspace-write sandbox holds for a turn that asks for it", async () => {
  await using lab = await openLab({
    config: "sandbox_workspace_write.network_access = true",
  });
  await lab.run("hello", "--write");
  const [{ payload }] = rolloutLines(lab, "turn_context");
  assertEquals(payload.sandbox_policy.network_access, true);
});

Deno.test("Row B4: what codex says before its thread is known is not lost, nor held up by a megabyte on stderr", async () => {
  await using lab = await openLab();
  const noise = "head -c 1000000 /dev/zero | tr '\\0' e >&2";
  const early = '{"method":"warning","params":{"message":"early"}}';
  pinFake(
    lab,
    `hear initialize; ${noise}; event '${early}'; hear; begin; complete`,
  );
  const turnId = await lab.run("hi", "--engine", "app-server");
  const items = eventsOf(lab, turnId).flatMap(({ item }) => item ?? []);
  assertEquals(items.map(({ message }) => message), ["early"]);
});
