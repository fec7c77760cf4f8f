import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Lab, openLab, until } from "../lab.ts";
import { LineSplitter } from "../../assets/lib/events/jsonl.ts";
import { pinAppServer } from "../live_turns/pin_app_server.ts";
import { outOf } from "../live_turns/turn_text.ts";
import { workerOf } from "../worker/killed.ts";
import { ESCAPES_TEXT } from "../loopback/scenarios/text.ts";

/** A line and when it came, in ms. */
interface Timed {
  at: number;
  text: string;
}

/** Starts `watch` and collects its lines with their times. */
function watching(lab: Lab, ...args: string[]) {
  const child = lab.spawn(["watch", ...args]);
  const lines: Timed[] = [];
  const read = (async () => {
    const splitter = new LineSplitter();
    const texts = child.stdout.pipeThrough(new TextDecoderStream());
    for await (const piece of texts) {
      for (const text of splitter.push(piece)) {
        lines.push({ at: performance.now(), text });
      }
    }
  })();
  const ended = (async () => {
    await read;
    await child.stderr.cancel();
    return (await child.status).code;
  })();
  return { lines, ended };
}

/** What a terminal would obey, or be reordered by. */
const CONTROLS =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const linesOf = (stdout: string): string[] => stdout.trimEnd().split("\n");

Deno.test("watch tells a turn in short lines and ends with how it ended: success, exit 0", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play two_messages cmd=sleep%202");
  const { lines, ended } = watching(lab, turnId);
  assertEquals(await ended, 0);
  const name = turnId.slice(-8);
  for (const { text } of lines) {
    assertMatch(text, new RegExp(`^${name} #\\d+ \\[`));
    assert(text.length <= 200, text);
  }
  const all = lines.map(({ text }) => text).join("\n");
  assertMatch(all, /\[message\] First I look around\./);
  assertMatch(all, /\[command\] .*sleep 2'?\n/);
  assertMatch(all, /\[command\] .*sleep 2.* → exit 0, [\d.]+ s\n/);
  // Nobody is left alone with nothing while codex starts.
  assertMatch(lines[0]!.text, / #0 \[starting\] /);
  // Who comes when it is over misses none of the lines.
  const replay = await lab.chat(["watch", turnId]);
  assertEquals(
    linesOf(replay.stdout),
    lines.map(({ text }) => text).filter((text) => !text.includes(" #0 [")),
  );
  assertMatch(
    lines.at(-1)!.text,
    new RegExp(
      `#\\d+ \\[complete\\] after [\\d.]+ s; the answer: ~/\\S+/codex-server result ${name}$`,
    ),
  );
});

const ENDS: [
  name: string,
  prompt: string,
  end: (lab: Lab, turnId: string) => Promise<unknown>,
  last: RegExp,
][] = [
  [
    "a failure",
    "play status400",
    () => Promise.resolve(),
    /\[failed\] .*400.* — /,
  ],
  [
    "a cancel",
    "play hang",
    async (lab, turnId) => {
      await lab.server.waitFor((server) => server.openStreams > 0);
      return await lab.chat(["cancel", turnId]);
    },
    /\[cancelled\] The turn was cancelled — /,
  ],
  [
    "a dead worker",
    "play hang",
    async (lab, turnId) => {
      await lab.server.waitFor((server) => server.openStreams > 0);
      Deno.kill(await workerOf(lab, turnId), "SIGKILL");
    },
    /\[abandoned\] The worker is gone without an end: .* — /,
  ],
];

for (const [name, prompt, end, last] of ENDS) {
  Deno.test(`watch ends with a line for ${name}, exit 1`, async () => {
    await using lab = await openLab();
    const turnId = await lab.start(prompt);
    const { lines, ended } = watching(lab, turnId);
    await end(lab, turnId);
    assertEquals(await ended, 1);
    assertMatch(lines.at(-1)!.text, last);
    assert(lines.every(({ text }) => text.length <= 200));
    if (name === "a dead worker") {
      // newcomer B5: the command to go on with is whole.
      const { thread_id } = await lab.json("status", turnId);
      assertMatch(lines.at(-1)!.text, new RegExp(`--thread ${thread_id} "…"$`));
    }
    // The same for somebody who comes too late.
    const late = await lab.chat(["watch", turnId]);
    assertEquals(late.code, 1);
    assertMatch(linesOf(late.stdout).at(-1)!, last);
  });
}

Deno.test("watch shows a request at once, and what became of it", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(
    "play command cmd=touch%20x.txt escalate=1",
    ...["--approvals", "ask"],
  );
  const { lines, ended } = watching(lab, turnId);
  const has = (mark: RegExp) => lines.some(({ text }) => mark.test(text));
  await until(
    () => has(/\[approval\] r1 command .*touch x\.txt.* approve \S+ r1/),
    "the request",
  );
  await lab.chat(["decline", turnId]);
  await until(() => has(/\[approval\] r1: declined/), "what became of it");
  assertEquals(await ended, 0);
});

Deno.test("the command that answers a request is whole in watch, however long the request", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(
    `play command cmd=echo%20${"x".repeat(400)} escalate=1`,
    ...["--approvals", "ask"],
  );
  const { lines, ended } = watching(lab, turnId);
  await until(
    () => lines.some(({ text }) => text.includes("[approval]")),
    "the request",
  );
  await lab.chat(["decline", turnId]);
  await ended;
  const asked = lines.find(({ text }) => text.includes("[approval] r1 "))!.text;
  assert(asked.length <= 200);
  assertMatch(asked, new RegExp(`approve ${turnId.slice(-8)} r1`));
});

/** 200 commands, one after the other, as fast as they go. */
const QUICK = Array.from({ length: 200 }, (_, index) => ({
  notify: {
    method: "item/completed",
    params: {
      item: {
        type: "commandExecution",
        id: `c${index}`,
        command: `echo ${index}`,
        aggregatedOutput: "",
        exitCode: 0,
        status: "completed",
      },
    },
  },
}));

Deno.test("a turn with 200 quick events makes few lines a second, and says how many it left out", async () => {
  await using lab = await openLab();
  pinAppServer(lab, [
    ...QUICK,
    // It stays open a while, as a turn that floods would.
    {
      ask: [{
        method: "item/commandExecution/requestApproval",
        params: { command: "last" },
      }],
    },
  ]);
  const turnId = await lab.start("go", "--approvals", "ask");
  const { lines, ended } = watching(lab, turnId);
  await until(
    () => lines.some(({ text }) => text.includes("[approval]")),
    "the request",
  );
  await lab.chat(["approve", turnId]);
  assertEquals(await ended, 0);
  // What is urgent comes at once, with the line that was held before it.
  const plain = lines.filter(({ text }) =>
    !/\[(approval|complete)\]/.test(text)
  );
  for (const { at } of plain) {
    const within = plain.filter((line) => line.at >= at && line.at < at + 1000);
    // The dozen that may come at once, and three a second.
    assert(within.length <= 16, within.map(({ text }) => text).join("\n"));
  }
  assert(lines.length < 40, `${lines.length} lines`);
  assert(lines.some(({ text }) => /\(\+\d+ left out\)/.test(text)));
});

Deno.test("a line that was held is shown soon, although nothing else happens", async () => {
  await using lab = await openLab();
  pinAppServer(lab, [...QUICK.slice(0, 16), { hang: true }]);
  const turnId = await lab.start("go");
  const { lines, ended } = watching(lab, turnId);
  await until(() => lines.length > 0, "the first line");
  await until(
    () => lines.some(({ text }) => text.includes("echo 15")),
    "the last command's line",
    2500,
  );
  await lab.chat(["cancel", turnId]);
  assertEquals(await ended, 1);
});

Deno.test("--since goes on after an event without a replay", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play two_messages");
  const all = linesOf((await lab.chat(["watch", turnId])).stdout);
  const numbers = all.map((line) => Number(/#(\d+)/.exec(line)![1]));
  assertEquals(numbers, numbers.toSorted((one, other) => one - other));
  const middle = numbers[Math.floor(numbers.length / 2)]!;
  const rest = linesOf(
    (await lab.chat(["watch", turnId, "--since", String(middle)])).stdout,
  );
  const number = (line: string) => Number(/#(\d+)/.exec(line)![1]);
  for (const line of rest.slice(0, -1)) assert(number(line) > middle, line);
  const last = await lab.chat([
    ...["watch", turnId, "--since", String(numbers.at(-1))],
  ]);
  assertEquals(linesOf(last.stdout).length, 1);
  assertMatch(last.stdout, /\[complete\]/);
  const beyond = await lab.chat(["watch", turnId, "--since", "99999"]);
  assertEquals(linesOf(beyond.stdout).length, 1);
  assertEquals(beyond.code, 0);
});

Deno.test("newcomer B5: watch says that a turn waits in line, and --timeout leaves it with the line to go on with", async () => {
  await using lab = await openLab({ maxConcurrent: 1 });
  await lab.start("play hang");
  await lab.server.waitFor((server) => server.openStreams > 0);
  const turnId = await lab.start("hello");
  const { lines, ended } = watching(lab, turnId, "--timeout", "2s");
  const name = turnId.slice(-8);
  assertEquals(await ended, 4);
  assert(lines.some(({ text }) => text.startsWith(`${name} #0 [queued] `)));
  assertMatch(lines.at(-1)!.text, / \[running\] .* watch \w{8} --since 0$/);
});

Deno.test("several turns are watched together; the worst exit code counts", async () => {
  await using lab = await openLab();
  const good = await lab.start("play instant say=Good");
  const bad = await lab.start("play status400");
  const { code, stdout } = await lab.chat(["watch", good, bad]);
  assertEquals(code, 1);
  const lines = linesOf(stdout);
  for (const [turnId, end] of [[good, "complete"], [bad, "failed"]]) {
    const own = lines.filter((line) => line.startsWith(turnId!.slice(-8)));
    assertMatch(own.at(-1)!, new RegExp(`\\[${end}\\]`));
  }
  const both = await lab.chat(["watch", good, bad, "--since", "3"]);
  assertEquals(both.code, 2);
});

Deno.test("watch names an unknown turn with exit 6, and takes the newest without a name", async () => {
  await using lab = await openLab();
  assertEquals((await lab.chat(["watch"])).code, 6);
  assertEquals((await lab.chat(["watch", "abcdef"])).code, 6);
  const turnId = await lab.run("hello");
  const { code, stdout } = await lab.chat(["watch"]);
  assertEquals(code, 0);
  assert(stdout.includes(turnId.slice(-8)));
});

Deno.test("watch and the line of a request show escapes instead of obeying them", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play escapes");
  const { stdout } = await lab.chat(["watch", turnId]);
  assertMatch(stdout, /\[message\] red ␛\[31mtext/);
  pinAppServer(lab, [{
    ask: [{
      method: "item/commandExecution/requestApproval",
      params: { command: `echo ${ESCAPES_TEXT}`, reason: "\x1b[2Jno\u202E" },
    }],
  }]);
  const asking = await lab.start("go", "--approvals", "ask");
  const waited = await lab.chat(["wait", "--until-input", asking]);
  await lab.chat(["decline", asking]);
  const watched = await lab.chat(["watch", asking]);
  for (const text of [stdout, waited.stdout, watched.stdout]) {
    const found = CONTROLS.exec(text);
    assertEquals(found, null, JSON.stringify(text));
  }
  assertMatch(outOf(lab, asking), /^\[approval\] r1 command/m);
});
