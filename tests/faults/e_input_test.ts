/** E: input. Most of what is refused outright stands in tests/commands/bad_input_test.ts. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type Lab, openLab, until } from "../lab.ts";
import { createRepo } from "../loopback/home.ts";
import { quoted } from "../terminal.ts";
import { failureOf, openQueue } from "./between_new_and_start.ts";
import { each } from "../lanes.ts";
import { pinWrapper } from "./pinned_wrapper.ts";
import { removeInUse } from "./remove_in_use.ts";
import { BOUND_BY_MODES, chatCommand, chatIn, runIn } from "./under.ts";

const ENGINES = ["app-server", "sdk"];

/** Prompts that codex's own parser would take for options. */
const LIKE_OPTIONS = [
  "--help",
  "-",
  "--dangerously-bypass-approvals-and-sandbox",
  "-c sandbox_mode=danger-full-access",
  "--version\nand more",
];

/** The one prompt that the model received for a turn. */
function received(lab: Lab, turnId: string): string[] {
  const { thread_id } = lab.result(turnId);
  return lab.server.turns().filter(({ threadId }) => threadId === thread_id)
    .map(({ prompt }) => prompt);
}

/** Waits for the end of a turn that must be complete. */
async function complete(lab: Lab, turnId: string): Promise<void> {
  const { code, stderr } = await lab.chat(["wait", turnId]);
  assertEquals(code, 0, stderr);
}

for (const engine of ENGINES) {
  Deno.test(`E4 a prompt like an option is data, and never an argument of codex (${engine})`, async () => {
    await using lab = await openLab();
    const wrapper = pinWrapper(lab);
    const check = async (prompt: string, args: string[], stdin?: string) => {
      const { code, stdout, stderr } = await lab.chat(
        ["new", "--engine", engine, "--sandbox", "read-only", ...args],
        stdin === undefined ? {} : { stdin },
      );
      assertEquals(code, 0, stderr);
      const { turn_id } = JSON.parse(stdout);
      await complete(lab, turn_id);
      assertEquals(received(lab, turn_id), [prompt]);
      const meta = JSON.parse(Deno.readTextFileSync(lab.turn(turn_id).meta));
      assertEquals(meta.sandbox, "read-only");
    };
    const path = join(lab.home.home, "prompt.md");
    Deno.writeTextFileSync(path, LIKE_OPTIONS[2]!);
    await Promise.all([
      ...LIKE_OPTIONS.map((prompt) => check(prompt, ["--", prompt])),
      check(LIKE_OPTIONS[2]!, ["--prompt-file", path]),
      check(LIKE_OPTIONS[0]!, ["-"], LIKE_OPTIONS[0]),
    ]);
    const started = wrapper.commandLines();
    assert(started.length >= LIKE_OPTIONS.length + 2);
    for (const args of started) {
      for (const prompt of LIKE_OPTIONS.filter((prompt) => prompt !== "-")) {
        assert(!args.includes(prompt), JSON.stringify(args));
      }
    }
  });
}

Deno.test("E6 stdin that never closes is not waited for unless it was asked for", async () => {
  await using lab = await openLab();
  const asking = [["new", "-"], ["new", "--prompt-file", "-"]]
    .map((args) => lab.spawn(args, { stdin: "" }));
  const child = lab.spawn(["new", "hello"], { stdin: "" });
  const [stdout, stderr] = [child.stdout, child.stderr]
    .map((stream) => new Response(stream).text());
  assertEquals((await child.status).code, 0);
  const { turn_id } = JSON.parse((await stdout)!);
  assertMatch((await stderr)!, /note: stdin is a pipe and was not read/);
  await complete(lab, turn_id);
  for (const args of [["status"], ["tail"], ["wait"], ["continue", "more"]]) {
    const other = lab.spawn(args, { stdin: "" });
    const [{ code }, stderr] = await Promise.all([
      other.status,
      new Response(other.stderr).text(),
      new Response(other.stdout).text(),
    ]);
    assertEquals(code, 0, `${args.join(" ")}: ${stderr}`);
    await other.stdin.close().catch(() => {});
  }
  await child.stdin.close().catch(() => {});
  // All that time those who asked have waited, and made no turn.
  assertEquals(lab.turnIds().length, 2);
  for (const waiting of asking) {
    const writer = waiting.stdin.getWriter();
    await writer.write(new TextEncoder().encode("at last"));
    await writer.close();
    assertEquals((await waiting.output()).code, 0);
  }
  assertEquals(lab.turnIds().length, 4);
});

Deno.test("E8 bytes of an argument that are not UTF-8 reach the model as U+FFFD", async () => {
  await using lab = await openLab();
  const command = chatCommand(lab, ["new"]).map(quoted).join(" ");
  const odd = `"$(printf 'a\\377b\\355\\240\\200c')"`;
  const { code, stdout } = await runIn(lab, ["sh", "-c", `${command} ${odd}`]);
  assertEquals(code, 0);
  const { turn_id } = JSON.parse(stdout);
  await complete(lab, turn_id);
  const prompt = "a\uFFFDb\uFFFD\uFFFD\uFFFDc";
  assertEquals(received(lab, turn_id), [prompt]);
  assertEquals(Deno.readTextFileSync(lab.turn(turn_id).prompt), prompt);
});

/** Every verb that takes a turn, and what else it needs. */
const TURN_VERBS: [verb: string, ...more: string[]][] = [
  ["status"],
  ["wait"],
  ["tail"],
  ["tail", "--follow"],
  ["result"],
  ["watch"],
  ["cancel"],
  ["steer", "text"],
  ["answer", "text"],
  ["approve"],
  ["decline"],
];

const withTurn = ([verb, ...more]: string[], turn: string): string[] => {
  const flags = more.filter((word) => word.startsWith("--"));
  const words = more.filter((word) => !word.startsWith("--"));
  return [verb!, ...flags, "--", turn, ...words];
};

const HOSTILE = [
  "../../x",
  "/etc/passwd",
  ".",
  "%2e%2e",
  "x".repeat(5000),
  "01a1fe8e-d5c8-77c3-a907-824799b88933\n",
];

Deno.test("E12 every verb that takes a turn refuses what cannot be one", async () => {
  await using lab = await openLab();
  await lab.run("hello");
  for (const verb of TURN_VERBS) {
    await Promise.all(HOSTILE.map(async (turn) => {
      const { code, stdout, stderr } = await lab.chat(withTurn(verb, turn));
      assertEquals([code, stdout], [2, ""], `${verb} ${turn.slice(0, 40)}`);
      assertMatch(stderr, /^codex-server: .{1,200} is not a turn — .*\n$/);
    }));
  }
});

Deno.test("E12 a hostile id is refused before any path is made of it", async () => {
  await using lab = await openLab();
  await lab.run("hello");
  const marker = "../../hostile-marker";
  const calls = [
    ...TURN_VERBS.map((verb) => withTurn(verb, marker)),
    ["show", marker],
    ["continue", "--thread", marker, "hi"],
    ["fork", "--thread", marker, "hi"],
  ];
  const touched = async (args: string[]): Promise<string[]> => {
    const log = join(lab.home.home, `strace-${crypto.randomUUID()}`);
    const { code } = await runIn(lab, [
      ...["strace", "-f", "-s", "6000", "-e", "trace=%file", "-o", log],
      ...chatCommand(lab, args),
    ]);
    assertEquals(code, 2, args.join(" "));
    const lines = Deno.readTextFileSync(log).split("\n");
    assert(lines.some((line) => line.includes("chat.ts")), "files are seen");
    return lines.filter((line) =>
      line.includes("hostile-marker") && !/ execve\(/.test(line)
    );
  };
  assertEquals((await each(calls, touched)).flat(), []);
});

Deno.test("E14 a prompt, schema or image that may not be read is refused, file and reason named", async () => {
  await using lab = await openLab();
  const path = join(lab.home.home, "secret.json");
  Deno.writeTextFileSync(path, '{"type":"object"}');
  Deno.chmodSync(path, 0);
  for (const flag of ["--prompt-file", "--schema", "--image"]) {
    const words = flag === "--prompt-file" ? [] : ["--", "hi"];
    const args = ["new", flag, path, ...words];
    const { code, stderr } = await chatIn(lab, args, { under: BOUND_BY_MODES });
    assertEquals(code, 2, stderr);
    assertMatch(
      stderr,
      /^codex-server: .*secret\.json cannot be read.* — .*\n$/,
    );
  }
  assertEquals(lab.turnIds(), []);
});

Deno.test("E17 a directory that is removed before codex starts ends its turn with an error that names it", async () => {
  await using queue = await openQueue();
  const { lab } = queue;
  const turns = await Promise.all(ENGINES.map(async (engine) => {
    const cwd = await createRepo(lab.home, `gone-${engine}`);
    const flags = ["--engine", engine, "--cwd", cwd];
    return { cwd, turnId: await lab.start("hello", ...flags) };
  }));
  for (const { cwd } of turns) Deno.removeSync(cwd, { recursive: true });
  await queue.open();
  for (const { cwd, turnId } of turns) {
    const { code, message, hint } = await failureOf(lab, turnId);
    assertEquals(code, "cwd_gone");
    assertEquals(message, `The directory ${cwd} was removed`);
    assert(hint !== "");
  }
});

for (const engine of ENGINES) {
  Deno.test(`E17 a directory that is removed during the turn ends it with an error that names it (${engine})`, async () => {
    await using lab = await openLab();
    const start = async (prompt: string) => {
      const cwd = await createRepo(lab.home, crypto.randomUUID());
      const flags = ["--engine", engine, "--cwd", cwd, "--write"];
      return { cwd, turnId: await lab.start(prompt, ...flags) };
    };
    // One turn says no more than text, the other meets the loss in a command.
    const turns = await Promise.all([
      start("play text words=4 over=2000"),
      start("play two_messages cmd=sleep%201"),
    ]);
    await until(() => lab.server.turns().length >= 2, "both turns to run");
    for (const { cwd } of turns) await removeInUse(cwd);
    for (const { cwd, turnId } of turns) {
      const { code, message } = await failureOf(lab, turnId);
      assertEquals(code, "cwd_gone");
      assertEquals(message, `The directory ${cwd} was removed`);
    }
  });
}

Deno.test("E18 a thread that is gone when codex starts ends the turn with codex's reason", async () => {
  await using queue = await openQueue();
  const { lab } = queue;
  const turns: string[] = [];
  for (const engine of ENGINES) {
    const { thread_id, path } = await foreignThread(lab);
    const { turn_id } = await lab.json(
      ...["continue", "--engine", engine, "--thread", thread_id, "more"],
    );
    turns.push(turn_id);
    Deno.removeSync(path);
  }
  await queue.open();
  for (const turnId of turns) {
    const { code, hint } = await failureOf(lab, turnId);
    assertEquals(code, "no_such_thread");
    assertMatch(hint, / list$/);
  }
});

/** A thread that codex itself started, and its file. */
async function foreignThread(lab: Lab) {
  assertEquals((await runIn(lab, [lab.codex, "exec", "hello"])).code, 0);
  const { threads } = await lab.json("list", "--limit", "1");
  return threads[0] as { thread_id: string; path: string };
}
