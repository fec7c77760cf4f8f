import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { type Lab, openLab, ranOf, until } from "../lab.ts";
import { outOf } from "../live_turns/turn_text.ts";
import { commandLine, onScreen, onTerminal, quoted } from "../terminal.ts";
import { killWorker } from "../worker/killed.ts";

/** A turn that has said its first message and now runs a command for long. */
async function busyTurn(lab: Lab): Promise<string> {
  const turnId = await lab.start(
    "play two_messages cmd=sleep%2060",
    "--write",
  );
  await until(() => outOf(lab, turnId).includes("sleep 60"), "the command");
  return turnId;
}

Deno.test("Row A7: tail prints out.txt so far and returns while the turn runs; --lines begins near its end", async () => {
  await using lab = await openLab();
  const turnId = await busyTurn(lab);
  const { code, stdout, stderr } = await lab.chat(["tail", turnId]);
  assertEquals([code, stdout, stderr], [0, outOf(lab, turnId), ""]);
  assertStringIncludes(stdout, "First I look around.");
  const last = await lab.chat(["tail", "--lines", "1", turnId]);
  assertEquals(last.stdout, stdout.split("\n").slice(-2).join("\n"));
  assertEquals((await lab.chat(["tail", "--lines", "0", turnId])).stdout, "");
  const all = await lab.chat(["tail", "--lines", "99", turnId]);
  assertEquals(all.stdout, stdout);
  assertEquals((await lab.json("status", turnId)).state, "running");
  const follow = ["tail", "--follow", "--timeout", "0.2", turnId];
  const early = await lab.chat(follow);
  assertEquals([early.code, early.stdout], [4, stdout]);
  assertMatch(early.stderr, /still running after 0\.2 s — .*tail -f \w{8}\n$/);
});

Deno.test("Row A8: tail --follow streams until the turn is over and ends with its exit code", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play two_messages cmd=sleep%202", "--write");
  const child = lab.spawn(["tail", "--follow", turnId]);
  const pieces: { text: string; running: boolean }[] = [];
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    pieces.push({ text, running: lab.server.turns().length < 2 });
  }
  await child.stderr.cancel();
  assertEquals((await child.status).code, 0);
  assertEquals(pieces.map(({ text }) => text).join(""), outOf(lab, turnId));
  const early = pieces.filter(({ running }) => running)
    .map(({ text }) => text).join("");
  assertStringIncludes(early, "First I look around.");
});

Deno.test("newcomer C4: tail, watch and --follow give events as JSON lines under --json, as in events.jsonl; of several turns the worst exit code counts", async () => {
  await using lab = await openLab();
  const followed = await lab.chat([
    ...["new", "--follow", "--json", "play two_messages"],
  ]);
  assertEquals(followed.code, 0);
  const turnId = lab.turnIds()[0]!;
  const stored = Deno.readTextFileSync(lab.turn(turnId).events);
  assertEquals(followed.stdout, stored);
  for (const verb of [["tail"], ["tail", "--follow"], ["watch"]]) {
    const { code, stdout } = await lab.chat([...verb, "--json", turnId]);
    assertEquals([code, stdout], [0, stored], verb.join(" "));
  }
  const last = await lab.chat(["tail", "--json", "--lines", "2", turnId]);
  assertEquals(last.stdout, stored.split("\n").slice(-3).join("\n"));
  const since = await lab.chat(["watch", "--json", "--since", "3", turnId]);
  assertEquals(since.stdout, stored.split("\n").slice(3).join("\n"));

  const failed = await lab.start("play status400");
  const both = await lab.chat(["watch", "--json", turnId, failed]);
  assertEquals(both.code, 1);
  const owners = both.stdout.trim().split("\n")
    .map((line) => JSON.parse(line).turn_id);
  assertEquals(new Set(owners), new Set([turnId, failed]));
  const { error } = JSON.parse(both.stderr);
  assertEquals([error.turn_id, error.state], [failed, "failed"]);
  assertEquals(typeof error.hint, "string");
});

Deno.test("newcomer A8, Row E14: Ctrl-C in every follower says that the turn runs on and how to stop it, exit 130", async () => {
  await using lab = await openLab();
  const turnId = await busyTurn(lab);
  const cs = "~/.codex-server/bin/codex-server";
  const told = (name: string) =>
    `codex-server: detached — the turn runs on: ${cs} tail -f ${name} · stop it: ${cs} cancel ${name}\n`;
  const interrupted = async (child: Deno.ChildProcess, followed: string) => {
    // Whoever sleeps on the lock of a turn has begun to follow it.
    await until(() => holdsOpen(child.pid, followed), "it to follow");
    child.kill("SIGINT");
    const { code, stderr } = await ranOf(child.output());
    assertEquals(code, 130);
    assert(stderr.endsWith(told(followed.slice(-8))), stderr);
    return stderr;
  };
  for (
    const args of [
      ...[["tail", "--follow"], ["watch"], ["wait"]],
      ...[["watch", "--json"], ["tail", "--follow", "--json"]],
    ]
  ) {
    const stderr = await interrupted(lab.spawn([...args, turnId]), turnId);
    assertEquals(stderr, told(turnId.slice(-8)), args.join(" "));
  }
  for (const verb of [["new", "--follow"], ["new", "--wait"], ["ask"]]) {
    const before = lab.turnIds().length;
    const child = lab.spawn([...verb, "play hang"]);
    await until(() => lab.turnIds().length > before, "the turn");
    await interrupted(child, lab.turnIds().at(-1)!);
  }
  assertEquals((await lab.json("status", turnId)).state, "running");
});

/** The process has a file of the turn open. */
function holdsOpen(pid: number, turnId: string): boolean {
  try {
    const fds = Array.from(Deno.readDirSync(`/proc/${pid}/fd`));
    return fds.some(({ name }) =>
      Deno.readLinkSync(`/proc/${pid}/fd/${name}`).includes(turnId)
    );
  } catch {
    return false; // It has closed one meanwhile; whoever asks asks again.
  }
}

Deno.test("newcomer C3, C5: on a terminal the shell's prompt stands on a line of its own, and so does the error of an abandoned turn", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play text words=2000 over=120000");
  await until(() => outOf(lab, turnId).includes("word-3 "), "some words");
  const shown = async (...args: string[]) =>
    (await onTerminal(lab, commandLine(lab, ["tail", ...args, turnId]))).stdout;
  assertMatch(await shown(), /word-\d+\r\n$/);
  assertMatch(
    await shown("--follow", "--timeout", "0.5"),
    /word-\d+\r\ncodex-server: Turn \w{8} is still/,
  );
  await killWorker(lab, turnId);
  for (const verb of [["wait"], ["tail", "--follow"]]) {
    // Only the last of a pipe's programs has the terminal.
    const script = `${commandLine(lab, [...verb, turnId])} 2>&1 | cat`;
    const { stdout } = await onTerminal(lab, `sh -c ${quoted(script)}`);
    assertMatch(
      stdout,
      /word-\d+\r\ncodex-server: turn \w{8} abandoned: The worker is gone/,
      verb.join(" "),
    );
  }
});

Deno.test("newcomer C5: on a terminal a follower says what a silent turn does", async () => {
  await using lab = await openLab();
  const turnId = await busyTurn(lab);
  for (const verb of [["tail", "--follow"], ["wait"]]) {
    const screen = onScreen(lab, [...verb, turnId]);
    const line = /\r\w{8} running a command · [\d.]+ s/g;
    await until(
      () => (screen.shown().match(line)?.length ?? 0) > 1,
      `${verb} to write over what it says of a silent turn`,
    );
    await screen.type("\x03"); // Ctrl-C
    assertEquals(await screen.ended(), 130);
    assertMatch(
      screen.shown(),
      /\r\ncodex-server: detached — [^\r]*\r\n$/,
    );
  }
});

Deno.test("tail refuses what cannot be meant", async () => {
  await using lab = await openLab();
  for (const args of ["--timeout 5", "--lines 1.5", "--lines -1"]) {
    const { code, stderr } = await lab.chat(["tail", ...args.split(" ")]);
    assertEquals(code, 2, args);
    assert(stderr.startsWith("codex-server: "), stderr);
  }
});
