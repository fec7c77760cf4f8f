import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Lab, openLab, until } from "../lab.ts";
import { LineSplitter } from "../../assets/lib/events/jsonl.ts";
import { type FakeStep, pinAppServer } from "../live_turns/pin_app_server.ts";
import { killWorker } from "../worker/killed.ts";
import { ESCAPES_TEXT } from "../loopback/scenarios/text.ts";

/** Starts `watch` and collects its lines as they come. */
function watching(lab: Lab, ...args: string[]) {
  const child = lab.spawn(["watch", ...args]);
  const lines: string[] = [];
  const ended = (async () => {
    const splitter = new LineSplitter();
    const texts = child.stdout.pipeThrough(new TextDecoderStream());
    for await (const piece of texts) lines.push(...splitter.push(piece));
    await child.stderr.cancel();
    return (await child.status).code;
  })();
  const has = (mark: RegExp) => lines.some((line) => mark.test(line));
  return { lines, has, ended };
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
  for (const line of lines) {
    assertMatch(line, new RegExp(`^${name} #\\d+ \\[`));
    assert(line.length <= 200, line);
  }
  const all = lines.join("\n");
  assertMatch(all, /\[message\] First I look around\./);
  assertMatch(all, /\[command\] .*sleep 2'?\n/);
  assertMatch(all, /\[command\] .*sleep 2.* → exit 0, [\d.]+ s\n/);
  // Nobody is left alone with nothing while codex starts.
  assertMatch(lines[0]!, / #0 \[starting\] /);
  // Who comes when it is over misses none of the lines.
  const replay = await lab.chat(["watch", turnId]);
  assertEquals(
    linesOf(replay.stdout),
    lines.filter((line) => !line.includes(" #0 [")),
  );
  assertMatch(
    lines.at(-1)!,
    new RegExp(
      `#\\d+ \\[complete\\] after [\\d.]+ s; the answer: ~/\\S+/codex-server result ${name}$`,
    ),
  );
});

/** Ways to fail, the last line of each, and what brings it about. */
const ENDS: [
  name: string,
  prompt: string,
  last: RegExp,
  end?: (lab: Lab, turnId: string) => Promise<unknown>,
][] = [
  ["a failure", "play status400", /\[failed\] .*400.* — /],
  [
    "a cancel",
    "play hang",
    /\[cancelled\] The turn was cancelled — /,
    (lab, turnId) => lab.chat(["cancel", turnId]),
  ],
  [
    "a dead worker",
    "play hang",
    // newcomer B5: the command to go on with is whole.
    /\[abandoned\] The worker is gone without an end: .* — .* --thread [0-9a-f-]{36} "…"$/,
    killWorker,
  ],
];

for (const [name, prompt, last, end] of ENDS) {
  Deno.test(`watch ends with a line for ${name}, exit 1`, async () => {
    await using lab = await openLab();
    const turnId = await lab.start(prompt);
    const { lines, ended } = watching(lab, turnId);
    if (end) {
      await until(() => lab.server.openStreams > 0, "the model to be asked");
      await end(lab, turnId);
    }
    assertEquals(await ended, 1);
    assertMatch(lines.at(-1)!, last);
    assert(lines.every((line) => line.length <= 200));
    // The same for somebody who comes too late.
    const late = await lab.chat(["watch", turnId]);
    assertEquals(late.code, 1);
    assertMatch(linesOf(late.stdout).at(-1)!, last);
  });
}

Deno.test("watch shows a request at once with the whole command that answers it, however long the request, and what became of it", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(
    `play command cmd=echo%20${"x".repeat(400)} escalate=1`,
    ...["--approvals", "ask"],
  );
  const { lines, has, ended } = watching(lab, turnId);
  const asked = new RegExp(
    `\\[approval\\] r1 command .*echo x+.*approve ${turnId.slice(-8)} r1`,
  );
  await until(() => has(asked), "the request");
  await lab.chat(["decline", turnId]);
  await until(() => has(/\[approval\] r1: declined/), "what became of it");
  assertEquals(await ended, 0);
  assert(lines.every((line) => line.length <= 200));
});

/** Commands, one after the other, as fast as they go. */
const quick = (count: number): FakeStep[] =>
  Array.from({ length: count }, (_, index) => {
    const item = {
      ...{ type: "commandExecution", id: `c${index}`, status: "completed" },
      ...{ command: `echo ${index}`, aggregatedOutput: "", exitCode: 0 },
    };
    return { notify: { method: "item/completed", params: { item } } };
  });

// How many lines a flood makes: pace_test.ts.
Deno.test("of a turn with 200 quick events the last line is shown soon, although nothing else happens, and what was left out is counted", async () => {
  await using lab = await openLab();
  pinAppServer(lab, [...quick(200), { hang: true }]);
  const turnId = await lab.start("go");
  const { lines, has, ended } = watching(lab, turnId);
  await until(() => has(/echo 199/), "the last command's line");
  assert(lines.length < 40, `${lines.length} lines`);
  assert(has(/\(\+\d+ left out\)/));
  await lab.chat(["cancel", turnId]);
  assertEquals(await ended, 1);
});

Deno.test("--since goes on after an event without a replay", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play two_messages");
  const all = linesOf((await lab.chat(["watch", turnId])).stdout);
  const number = (line: string) => Number(/#(\d+)/.exec(line)![1]);
  const numbers = all.map(number);
  assertEquals(numbers, numbers.toSorted((one, other) => one - other));
  const middle = numbers[Math.floor(numbers.length / 2)]!;
  const rest = linesOf(
    (await lab.chat(["watch", turnId, "--since", String(middle)])).stdout,
  );
  for (const line of rest.slice(0, -1)) assert(number(line) > middle, line);
  const last = await lab.chat([
    ...["watch", turnId, "--since", String(numbers.at(-1))],
  ]);
  assertEquals(linesOf(last.stdout).length, 1);
  assertMatch(last.stdout, /\[complete\]/);
  const beyond = await lab.chat(["watch", turnId, "--since", "99999"]);
  assertEquals(linesOf(beyond.stdout).length, 1);
  assertEquals(beyond.code, 0);
  const two = await lab.chat(["watch", turnId, "other", "--since", "3"]);
  assertEquals(two.code, 2, "the numbers are those of one turn");
});

Deno.test("newcomer B5: watch says that a turn waits in line, and --timeout leaves it with the line to go on with", async () => {
  await using lab = await openLab({ maxConcurrent: 1 });
  await lab.start("play hang");
  await lab.server.waitFor((server) => server.openStreams > 0);
  const turnId = await lab.start("hello");
  const { lines, ended } = watching(lab, turnId, "--timeout", "2s");
  const name = turnId.slice(-8);
  assertEquals(await ended, 4);
  assert(lines.some((line) => line.startsWith(`${name} #0 [queued] `)));
  assertMatch(lines.at(-1)!, / \[running\] .* watch \w{8} --since 0$/);
});

Deno.test("watch and the line of a request show escapes instead of obeying them", async () => {
  await using lab = await openLab();
  pinAppServer(lab, [{
    ask: [{
      method: "item/commandExecution/requestApproval",
      params: { command: `echo ${ESCAPES_TEXT}`, reason: "\x1b[2Jno\u202E" },
    }],
  }]);
  const turnId = await lab.start("go", "--approvals", "ask");
  const waited = await lab.chat(["wait", "--until-input", turnId]);
  await lab.chat(["decline", turnId]);
  const watched = await lab.chat(["watch", turnId]);
  for (const { stdout } of [waited, watched]) {
    assertMatch(stdout, /␛\[31mtext/);
    assertEquals(CONTROLS.exec(stdout), null, JSON.stringify(stdout));
  }
});
