import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Lab, openLab } from "../lab.ts";
import { installLauncher, runAsTyped } from "../live_turns/as_typed.ts";
import { pinAppServer, wireQuestion } from "../live_turns/pin_app_server.ts";
import { filesBelow } from "../faults/process_table.ts";
import { outOf } from "../live_turns/turn_text.ts";

const ASK = ["--approvals", "ask"];
/** Lets the real codex ask outside its plan mode. */
const MAY_ASK = [
  ...ASK,
  "--config",
  "features.default_mode_request_user_input=true",
];
const SECRET = "hunter2-canary";

async function asking(lab: Lab, prompt: string, flags = ASK): Promise<string> {
  const turnId = await lab.start(prompt, ...flags);
  const { code, stderr } = await lab.chat(["wait", "--until-input", turnId]);
  assertEquals(code, 8, stderr);
  return turnId;
}

const questions = (...all: Record<string, unknown>[]) => ({
  method: "item/tool/requestUserInput",
  params: { questions: all, isBlocking: true },
});

const form = (params: Record<string, unknown>) => ({
  method: "mcpServer/elicitation/request",
  params: { serverName: "tickets", message: "Which ticket?", ...params },
});
const FORM = form({
  mode: "form",
  requestedSchema: {
    type: "object",
    properties: { number: { type: "number" }, title: { type: "string" } },
  },
});

Deno.test("newcomer C3, Row A38, Row D13: the model hears the answer to its question", async () => {
  await using lab = await openLab();
  const turnId = await asking(lab, "play ask question=Which%20one?", MAY_ASK);
  const { pending: [request], phase } = await lab.json("status", turnId);
  assertEquals(phase, "awaiting approval");
  assertEquals(request.kind, "question");
  assertEquals(request.questions[0].question, "Which one?");
  assertEquals(
    request.questions[0].options.map(({ label }: { label: string }) => label),
    ["Red", "Blue"],
  );
  const answered = await lab.chat(["answer", turnId, "Blue, mostly"]);
  assertEquals(
    answered.stdout,
    "answered r1: [colour] Which one? (Red: Take Red | Blue: Take Blue) (question) → Blue, mostly\n",
  );
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
  assertMatch(
    lab.server.turns().at(-1)!.toolOutputs[0]!.output,
    /"colour":\{"answers":\["Blue, mostly"\]\}/,
  );
});

Deno.test("the line of a question holds the command that answers it", async () => {
  await using lab = await openLab();
  installLauncher(lab);
  const turnId = await asking(lab, "play ask", MAY_ASK);
  const [, command] = /— (.*)$/m.exec(
    outOf(lab, turnId).split("\n").find((line) =>
      line.startsWith("[approval] r1 ")
    )!,
  )!;
  const { code, stderr } = await runAsTyped(lab, command!.replace("…", "Red"));
  assertEquals(code, 0, stderr);
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
  assertMatch(lab.result(turnId).text, /"answers":\["Red"\]/);
});

Deno.test("a question is declined with no answer, and nobody's answer is none", async () => {
  await using lab = await openLab();
  const fake = pinAppServer(lab, [{ ask: [questions(wireQuestion("name"))] }]);
  const declined = await asking(lab, "go");
  assertEquals((await lab.chat(["decline", declined])).code, 0);
  await lab.chat(["wait", declined]);
  await lab.run("go", ...ASK, "--approval-timeout", "0.2");
  assertEquals(fake.answers().map(({ result }) => result), [
    { answers: {} },
    { answers: {} },
  ]);
});

Deno.test("an answer from stdin keeps every byte but the last newline", async () => {
  await using lab = await openLab();
  const fake = pinAppServer(lab, [{ ask: [questions(wireQuestion("name"))] }]);
  const turnId = await asking(lab, "go");
  const text = " two\nlines 🚀 $(touch x) \n";
  const { code } = await lab.chat(["answer", turnId, "-"], { stdin: text });
  assertEquals(code, 0);
  await lab.chat(["wait", turnId]);
  assertEquals(fake.answers()[0]!.result.answers, {
    name: { answers: [text.slice(0, -1)] },
  });
});

Deno.test("Row D13: several questions are answered by name, each once or with several choices", async () => {
  await using lab = await openLab();
  const fake = pinAppServer(lab, [{
    ask: [questions(wireQuestion("name"), wireQuestion("colours"))],
  }]);
  const turnId = await asking(lab, "go");
  for (
    const [args, says] of [
      [["Ada"], /Name the question with --question ID: name, colours/],
      [["--question", "age=7"], /Name the question.*: name, colours/],
    ] as [string[], RegExp][]
  ) {
    const { code, stderr } = await lab.chat(["answer", turnId, ...args]);
    assertEquals(code, 1);
    assertMatch(stderr, says);
  }
  const { code, stderr } = await lab.chat([
    ...["answer", turnId, "--question", "name=Ada=Lovelace"],
    ...["--question", "colours=red", "--question", "colours=blue"],
  ]);
  assertEquals(code, 0, stderr);
  await lab.chat(["wait", turnId]);
  assertEquals(fake.answers().map(({ result }) => result.answers), [{
    name: { answers: ["Ada=Lovelace"] },
    colours: { answers: ["red", "blue"] },
  }]);
});

Deno.test("of several questions all must be answered", async () => {
  await using lab = await openLab();
  pinAppServer(lab, [{
    ask: [questions(wireQuestion("name"), wireQuestion("colour"))],
  }]);
  const turnId = await asking(lab, "go");
  const { code, stderr } = await lab.chat([
    ...["answer", turnId, "--question", "name=Ada"],
  ]);
  assertEquals(code, 1, "a forgotten question would be lost");
  assertMatch(stderr, /colour/);
});

for (const trace of [[], ["--trace"]]) {
  const how = trace.length > 0 ? "with --trace" : "without a trace";
  Deno.test(`Row D13, Row D31: a secret answer is in no file of the tool and is not echoed (${how})`, async () => {
    await using lab = await openLab();
    const fake = pinAppServer(lab, [{
      ask: [questions(wireQuestion("token", { secret: true }))],
    }]);
    const turnId = await asking(lab, "go", [...ASK, ...trace]);
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
      .filter((path) => Deno.readTextFileSync(path).includes(SECRET))
      .map((path) => path.split("/").at(-1));
    assertEquals(holding, []);
  });
}

Deno.test("the line of a secret question does not teach to type it into the shell's history", async () => {
  await using lab = await openLab();
  pinAppServer(lab, [{
    ask: [questions(wireQuestion("token", { secret: true }))],
  }]);
  const turnId = await asking(lab, "go");
  assertMatch(outOf(lab, turnId), /answer \S+ --request r1 -(\s|$)/m);
});

Deno.test("Row A38, Row D14: a form is filled in field by field, with JSON values where they are", async () => {
  await using lab = await openLab();
  const fake = pinAppServer(lab, [{ ask: [FORM] }]);
  const turnId = await asking(lab, "go");
  const { pending: [request] } = await lab.json("status", turnId);
  assertEquals([request.kind, request.server, request.message], [
    "elicitation",
    "tickets",
    "Which ticket?",
  ]);
  const plain = await lab.chat(["answer", turnId, "seven"]);
  assertEquals(plain.code, 1);
  assertMatch(plain.stderr, /field by field with --question/);
  const { code } = await lab.chat([
    ...[
      "answer",
      turnId,
      "--question",
      "number=7",
      "--question",
      "title=Fix it",
    ],
  ]);
  assertEquals(code, 0);
  await lab.chat(["wait", turnId]);
  assertEquals(fake.answers()[0]!.result, {
    action: "accept",
    content: { number: 7, title: "Fix it" },
    _meta: null,
  });
});

Deno.test("a form's text fields stay text although they look like JSON", async () => {
  await using lab = await openLab();
  const fake = pinAppServer(lab, [{ ask: [FORM] }]);
  const turnId = await asking(lab, "go");
  await lab.chat([
    ...["answer", turnId, "--question", "number=7", "--question", "title=123"],
  ]);
  await lab.chat(["wait", turnId]);
  assertEquals(fake.answers()[0]!.result.content, { number: 7, title: "123" });
});

Deno.test("Row D14: an elicitation is declined, or approved where it only shows an address", async () => {
  await using lab = await openLab();
  const fake = pinAppServer(lab, [
    { ask: [FORM] },
    { ask: [form({ mode: "url", url: "https://example.com/login" })] },
  ]);
  const turnId = await asking(lab, "go");
  await lab.chat(["decline", turnId, "r1"]);
  await lab.chat(["wait", "--until-input", turnId]);
  const { pending: [request] } = await lab.json("status", turnId);
  assertEquals(request.url, "https://example.com/login");
  assertEquals((await lab.chat(["approve", turnId, "r2"])).code, 0);
  await lab.chat(["wait", turnId]);
  assertEquals(fake.answers().map(({ result }) => result.action), [
    "decline",
    "accept",
  ]);
});

Deno.test("an answer without a turn, a text or a name is a usage error", async () => {
  await using lab = await openLab();
  for (
    const args of [
      [],
      ["abc"],
      ["abc", "text", "more"],
      ["abc", "text", "--question", "a=b"],
      ["abc", "--question", "=b"],
      ["abc", "--question", "b"],
      ["abc", "text", "--request", ""],
      ["abc", ""],
    ]
  ) {
    const { code } = await lab.chat(["answer", ...args]);
    assertEquals(code, 2, args.join(" "));
  }
});
