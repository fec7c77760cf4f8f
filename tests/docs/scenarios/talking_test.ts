/** scenarios.feature, rule "A running turn can be talked to". */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Lab, openLab, until } from "../../lab.ts";

/** Has the model ask for a command outside the sandbox. */
const TOUCH = "play command cmd=touch%20made.txt escalate=1";

const outOf = (lab: Lab, turnId: string): string =>
  Deno.readTextFileSync(lab.turn(turnId).out);

/** Starts a turn that speaks for 20 s, and waits for its first words. */
async function startSpeaking(lab: Lab): Promise<string> {
  const turnId = await lab.start("play text words=100 over=20000");
  await until(() => outOf(lab, turnId).includes("word-2"), "two words");
  return turnId;
}

/** Starts a turn that asks, and waits until it does. */
async function startAsking(
  lab: Lab,
  prompt: string,
  ...flags: string[]
): Promise<string> {
  const turnId = await lab.start(prompt, "--approvals", "ask", ...flags);
  await until(
    async () => (await lab.json("status", turnId)).pending !== undefined,
    "the turn to ask",
  );
  return turnId;
}

const isMade = (lab: Lab): boolean =>
  Array.from(Deno.readDirSync(lab.repo), ({ name }) => name)
    .includes("made.txt");

Deno.test("A running turn is steered", async () => {
  await using lab = await openLab();
  const turnId = await startSpeaking(lab);
  const { code } = await lab.chat(["steer", turnId, "play instant say=Done"]);
  assertEquals(code, 0);
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
  assertEquals(lab.server.turns().at(-1)?.prompt, "play instant say=Done");
  assertEquals(lab.result(turnId).text, "Done");
  assertStringIncludes(outOf(lab, turnId), "\n[dropped] ");
});

Deno.test("A turn that is over takes no more words", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello");
  const { code, stderr } = await lab.chat(["steer", turnId, "more", "--json"]);
  assertEquals(code, 1);
  assertEquals(JSON.parse(stderr).error.code, "not_running");
});

Deno.test("An approved command runs once", async () => {
  await using lab = await openLab();
  const turnId = await startAsking(
    lab,
    "play command cmd=echo%20x%20%3E%3E%20made.txt escalate=1",
  );
  const { state, phase, pending } = await lab.json("status", turnId);
  assertEquals([state, phase], ["running", "awaiting approval"]);
  assertEquals(pending.length, 1);
  const asked = await lab.chat(["wait", turnId, "--until-input"]);
  assertEquals(asked.code, 0);
  assertStringIncludes(asked.stdout, "r1 command ");
  assertStringIncludes(
    outOf(lab, turnId),
    `~/.codex-server/bin/codex-server approve ${turnId.slice(-8)} r1`,
  );
  assertEquals((await lab.chat(["approve", turnId.slice(-8), "r1"])).code, 0);
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
  assertEquals(Deno.readTextFileSync(`${lab.repo}/made.txt`), "x\n");
  assertStringIncludes(outOf(lab, turnId), "[approval] r1: approved\n");
});

Deno.test("A declined command leaves the disk untouched", async () => {
  await using lab = await openLab();
  const turnId = await startAsking(lab, TOUCH);
  assertEquals((await lab.chat(["decline", turnId])).code, 0);
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
  assert(!isMade(lab));
  assertStringIncludes(outOf(lab, turnId), "→ declined\n");
});

Deno.test("A request that nobody answers is declined", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(
    TOUCH,
    ...["--approvals", "ask", "--approval-timeout", "0.5"],
  );
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
  assert(!isMade(lab));
  assertStringIncludes(
    outOf(lab, turnId),
    "[approval] r1: declined: nobody answered in time\n",
  );
});

Deno.test("Of two answers the first one counts", async () => {
  await using lab = await openLab();
  const turnId = await startAsking(lab, TOUCH);
  const [approved, declined] = await Promise.all([
    lab.chat(["approve", turnId]),
    lab.chat(["decline", turnId]),
  ]);
  assertEquals([approved.code, declined.code].sort(), [0, 1]);
  await lab.chat(["wait", turnId]);
  assertEquals(isMade(lab), approved.code === 0);
});

Deno.test("A question is answered", async () => {
  await using lab = await openLab();
  const turnId = await startAsking(
    lab,
    "play ask",
    "--config",
    "features.default_mode_request_user_input=true",
  );
  const { pending: [{ kind, questions }] } = await lab.json("status", turnId);
  assertEquals([kind, questions[0].id], ["question", "colour"]);
  assertEquals((await lab.chat(["answer", turnId, "Blue"])).code, 0);
  await lab.chat(["wait", turnId]);
  assertStringIncludes(lab.result(turnId).text, '"answers":["Blue"]');
});
