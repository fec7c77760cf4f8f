import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { type Lab, openLab, until } from "../lab.ts";
import { commandLine, onTerminal, quoted, terminal } from "../terminal.ts";

const outOf = (lab: Lab, turnId: string): string =>
  Deno.readTextFileSync(lab.turn(turnId).out);

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
  assertEquals(
    (await lab.chat(["tail", "--lines", "99", turnId])).stdout,
    stdout,
  );
  assertEquals((await lab.json("status", turnId)).state, "running");
  const early = await lab.chat([
    ...["tail", "--follow", "--timeout", "0.2", turnId],
  ]);
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

Deno.test("newcomer C4: tail, watch and --follow give events as JSON lines under --json, as in events.jsonl", async () => {
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

Deno.test("newcomer A8: Ctrl-C in every follower says that the turn runs on and how to stop it, exit 130", async () => {
  await using lab = await openLab();
  const turnId = await busyTurn(lab);
  const name = turnId.slice(-8);
  const cs = "~/.codex-server/bin/codex-server";
  const told =
    `codex-server: detached — the turn runs on: ${cs} tail -f ${name} · stop it: ${cs} cancel ${name}\n`;
  for (
    const args of [
      ...[["tail", "--follow"], ["watch"], ["wait"]],
      ...[["watch", "--json"], ["tail", "--follow", "--json"]],
    ]
  ) {
    const child = lab.spawn([...args, turnId]);
    // Whoever sleeps on the lock of a turn has begun to follow it.
    await until(() => holdsOpen(child.pid, turnId), `${args} to follow`);
    child.kill("SIGINT");
    const { code, stderr } = await child.output();
    assertEquals(
      [code, new TextDecoder().decode(stderr)],
      [130, told],
      args.join(" "),
    );
  }
  for (const after of ["--follow", "--wait"]) {
    const child = lab.spawn(["new", after, "play hang"]);
    const before = lab.turnIds().length;
    await until(() => lab.turnIds().length > before, "the turn");
    const mine = lab.turnIds().at(-1)!;
    await until(() => holdsOpen(child.pid, mine), `${after} to follow`);
    child.kill("SIGINT");
    const { code, stderr } = await child.output();
    assertEquals(code, 130);
    assertStringIncludes(
      new TextDecoder().decode(stderr),
      `runs on: ${cs} tail -f ${mine.slice(-8)} · stop it`,
    );
  }
  assertEquals((await lab.json("status", turnId)).state, "running");
});

/** The process has a file of the turn open. */
function holdsOpen(pid: number, turnId: string): boolean {
  try {
    return Array.from(Deno.readDirSync(`/proc/${pid}/fd`)).some(({ name }) => {
      try {
        return Deno.readLinkSync(`/proc/${pid}/fd/${name}`).includes(turnId);
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

Deno.test("newcomer C5: on a terminal the shell's prompt stands on a line of its own, and a follower says what the turn does", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play text words=2000 over=120000");
  await until(() => outOf(lab, turnId).includes("word-3 "), "some words");
  const once = await onTerminal(lab, commandLine(lab, ["tail", turnId]));
  assertMatch(once.stdout, /word-\d+\r\n$/);
  const left = await onTerminal(
    lab,
    commandLine(lab, ["tail", "--follow", "--timeout", "0.5", turnId]),
  );
  assertMatch(left.stdout, /word-\d+\r\ncodex-server: Turn \w{8} is still/);
  await lab.chat(["cancel", turnId]);

  const quiet = await busyTurn(lab);
  for (const args of [["tail", "--follow", quiet], ["wait", quiet]]) {
    const child = terminal(lab, commandLine(lab, args));
    let seen = "";
    const reading = (async () => {
      const text = child.stdout.pipeThrough(new TextDecoderStream());
      for await (const piece of text) seen += piece;
    })();
    // Twice: the line is written over.
    await until(
      () =>
        (seen.match(/\w{8} running a command · [\d.]+ s/g) ?? []).length > 1,
      `what ${args[0]} says of a silent turn`,
    );
    assertStringIncludes(seen, "\r");
    await child.stdin.getWriter().write(new Uint8Array([3])); // Ctrl-C
    await reading;
    await child.stderr.cancel();
    assertEquals((await child.status).code, 130);
    assertMatch(seen, /\r\ncodex-server: detached — [^\r]*\r\n$/);
  }
});

Deno.test("newcomer C3: the error of an abandoned turn does not stand behind the last word", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play text words=2000 over=120000");
  await until(() => outOf(lab, turnId).includes("word-3 "), "some words");
  const { pid } = JSON.parse(Deno.readTextFileSync(lab.turn(turnId).meta));
  Deno.kill(pid, "SIGKILL");
  for (const verb of [["wait"], ["tail", "--follow"]]) {
    const script = `${commandLine(lab, [...verb, turnId])} 2>&1`;
    const { code, stdout } = await onTerminal(
      lab,
      `sh -c ${quoted(`${script} | cat; exit 1`)}`,
    );
    assertEquals(code, 1);
    assertMatch(
      stdout,
      /word-\d+\r\ncodex-server: turn \w{8} abandoned: The worker is gone/,
      verb.join(" "),
    );
  }
});

Deno.test("a reader that leaves early ends tail --follow quietly", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play long kb=500 deltas=20");
  const child = lab.spawn(["tail", "--follow", turnId]);
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const stderr = await new Response(child.stderr).text();
  assertEquals((await child.status).code, 0);
  assertEquals(stderr, "");
});

Deno.test("tail refuses what cannot be meant", async () => {
  await using lab = await openLab();
  for (
    const args of [["--timeout", "5"], ["--lines", "1.5"], ["--lines", "-1"]]
  ) {
    const { code, stderr } = await lab.chat(["tail", ...args]);
    assertEquals(code, 2, args.join(" "));
    assert(stderr.startsWith("codex-server: "), stderr);
  }
});
