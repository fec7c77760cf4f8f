import { assert, assertEquals, assertMatch } from "@std/assert";
import { filesBelow } from "../faults/process_table.ts";
import { openLab } from "../lab.ts";
import { installLauncher, runAsTyped } from "../live_turns/as_typed.ts";
import { pinAppServer, wireQuestion } from "../live_turns/pin_app_server.ts";
import { outOf } from "../live_turns/turn_text.ts";
import { ASK, asks, finished, startAsking } from "./asking.ts";

const SECRET = "hunter2-canary";

/** What a fake codex asks. */
const questions = (...all: Record<string, unknown>[]) => ({
  ask: [{
    method: "item/tool/requestUserInput",
    params: { questions: all, isBlocking: true },
  }],
});
const form = (params: Record<string, unknown>) => ({
  ask: [{
    method: "mcpServer/elicitation/request",
    params: { serverName: "tickets", message: "Which ticket?", ...params },
  }],
});
const FORM = form({
  mode: "form",
  requestedSchema: {
    type: "object",
    properties: { number: { type: "number" }, title: { type: "string" } },
  },
});

Deno.test("newcomer C3, Row A38, Row D13: the model hears the answer to its question, given as its line in out.txt says", async () => {
  await using lab = await openLab();
  installLauncher(lab);
  // Lets the real codex ask outside its plan mode.
  const mayAsk = "features.default_mode_request_user_input=true";
  const turnId = await startAsking(lab, "play ask question=Which%20one?", [
    ...[...ASK, "--config", mayAsk],
  ]);
  const { pending: [request], phase } = await lab.json("status", turnId);
  assertEquals([phase, request.kind], ["awaiting approval", "question"]);
  const [{ question, options }] = request.questions;
  assertEquals(question, "Which one?");
  assertEquals(
    options.map(({ label }: { label: string }) => label),
    ["Red", "Blue"],
  );
  const [, command] = /^\[approval\] r1 .* — (.*)$/m.exec(outOf(lab, turnId))!;
  const answered = await runAsTyped(lab, command!.replace("…", "Blue, mostly"));
  assertEquals(
    answered.stdout,
    "answered r1: [colour] Which one? (Red: Take Red | Blue: Take Blue) (question) → Blue, mostly\n",
    answered.stderr,
  );
  await finished(lab, turnId);
  assertMatch(
    lab.server.turns().at(-1)!.toolOutputs[0]!.output,
    /"colour":\{"answers":\["Blue, mostly"\]\}/,
  );
});

Deno.test("Row D13: a question is declined with no answer; one from stdin keeps every byte but the last newline; several are answered by name, all of them", async () => {
  await using lab = await openLab();
  const name = wireQuestion("name");
  const fake = pinAppServer(lab, [
    questions(name),
    questions(name),
    questions(name, wireQuestion("colours")),
  ]);
  const turnId = await startAsking(lab, "go");
  assertEquals((await lab.chat(["decline", turnId])).code, 0);

  await asks(lab, turnId, "r2");
  const text = " two\nlines 🚀 $(touch x) \n";
  const piped = await lab.chat(["answer", turnId, "-"], { stdin: text });
  assertEquals(piped.code, 0);

  await asks(lab, turnId, "r3");
  const answer = (...args: string[]) => lab.chat(["answer", turnId, ...args]);
  const wrong: [args: string[], says: RegExp][] = [
    [["Ada"], /Name the question with --question ID: name, colours/],
    [["--question", "age=7"], /Name the question.*: name, colours/],
    // A forgotten question would be lost.
    [["--question", "name=Ada"], /colours/],
  ];
  for (const [args, says] of wrong) {
    const { code, stderr } = await answer(...args);
    assertEquals(code, 1);
    assertMatch(stderr, says);
  }
  const { code, stderr } = await answer(
    ...["--question", "name=Ada=Lovelace"],
    ...["--question", "colours=red", "--question", "colours=blue"],
  );
  assertEquals(code, 0, stderr);
  await finished(lab, turnId);
  assertEquals(fake.answers().map(({ result }) => result.answers), [
    {},
    { name: { answers: [text.slice(0, -1)] } },
    {
      name: { answers: ["Ada=Lovelace"] },
      colours: { answers: ["red", "blue"] },
    },
  ]);
});

Deno.test("Row D13, Row D31: a secret answer is in no file of the tool, is not echoed, and is not taught to be typed into the shell's history", async () => {
  await using lab = await openLab();
  const fake = pinAppServer(lab, [
    questions(wireQuestion("token", { secret: true })),
  ]);
  const turnId = await startAsking(lab, "go", [...ASK, "--trace"]);
  assertMatch(outOf(lab, turnId), /answer \S+ --request r1 -(\s|$)/m);
  const answered = await lab.chat(["answer", turnId, "-"], {
    stdin: `${SECRET}\n`,
  });
  assertEquals(
    answered.stdout,
    "answered r1: [token] What is token? (question) → (not shown)\n",
  );
  const waited = await lab.chat(["wait", turnId]);
  const watched = await lab.chat(["watch", turnId]);
  // Codex has it, nobody else.
  assertEquals(fake.answers()[0]!.result.answers.token.answers, [SECRET]);
  for (const { stdout, stderr } of [answered, waited, watched]) {
    assert(!(stdout + stderr).includes(SECRET), "it was echoed");
  }
  const holding = Array.from(filesBelow(`${lab.home.home}/.codex-server`))
    .filter((path) => Deno.readTextFileSync(path).includes(SECRET));
  assertEquals(holding, []);
});

Deno.test("Row A38, Row D14: a form is filled in field by field, text stays text; it is declined, or approved where it only shows an address", async () => {
  await using lab = await openLab();
  const url = "https://example.com/login";
  const fake = pinAppServer(lab, [FORM, FORM, form({ mode: "url", url })]);
  const turnId = await startAsking(lab, "go");
  const { pending: [request] } = await lab.json("status", turnId);
  assertEquals([request.kind, request.server, request.message], [
    ...["elicitation", "tickets", "Which ticket?"],
  ]);
  const plain = await lab.chat(["answer", turnId, "seven"]);
  assertEquals(plain.code, 1);
  assertMatch(plain.stderr, /field by field with --question/);
  const fields = ["--question", "number=7", "--question", "title=123"];
  assertEquals((await lab.chat(["answer", turnId, ...fields])).code, 0);
  await asks(lab, turnId, "r2");
  await lab.chat(["decline", turnId, "r2"]);
  await asks(lab, turnId, "r3");
  assertEquals((await lab.json("status", turnId)).pending[0].url, url);
  assertEquals((await lab.chat(["approve", turnId, "r3"])).code, 0);
  await finished(lab, turnId);
  assertEquals(
    fake.answers().map(({ result: { action, content } }) => [action, content]),
    [
      ["accept", { number: 7, title: "123" }],
      ["decline", null],
      ["accept", null],
    ],
  );
});

Deno.test("an answer without a turn, a text or a name is a usage error", async () => {
  await using lab = await openLab();
  const wrong = [
    [],
    ["abc"],
    ["abc", "text", "more"],
    ["abc", "text", "--question", "a=b"],
    ["abc", "--question", "=b"],
    ["abc", "--question", "b"],
    ["abc", "text", "--request", ""],
    ["abc", ""],
  ];
  for (const args of wrong) {
    const { code } = await lab.chat(["answer", ...args]);
    assertEquals(code, 2, args.join(" "));
  }
});
