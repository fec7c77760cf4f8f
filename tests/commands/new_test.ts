import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { isTurnId } from "../../assets/lib/turns/turn_id.ts";
import { chatIn } from "../faults/under.ts";
import { writeSchema } from "../engines/story.ts";
import { metaOf } from "../live_turns/turn_text.ts";
import { wholeTurn } from "../live_turns/whole_turn.ts";
import { commandLine, onTerminal } from "../terminal.ts";
import { imageOf } from "./images.ts";
import { openLab, until } from "../lab.ts";

Deno.test("Row A1: new prints JSON with the turn id and every path at once, and the turn completes", async () => {
  await using lab = await openLab();
  const started = await lab.json("new", "play text words=6 over=4000");
  assertEquals(
    (await lab.json("status", started.turn_id)).state,
    "running",
    "the turn goes on when new has returned",
  );
  assert(isTurnId(started.turn_id));
  const { out, events, prompt, meta, result, done, error } = lab.turn(
    started.turn_id,
  );
  assertEquals(
    [
      ...[started.schema_version, started.out_path, started.events_path],
      ...[started.meta_path, started.result_path],
      ...[started.done_marker, started.error_marker],
    ],
    [1, out, events, meta, result, done, error],
  );
  for (const path of [out, events, prompt, meta]) {
    assert(Deno.statSync(path).isFile, path);
  }
  const waited = await lab.chat(["wait", started.turn_id]);
  assertEquals(waited.code, 0);
  assertMatch(waited.stdout, /word-6/);
});

Deno.test("newcomer F, C1: -q prints the id alone; a terminal gets a sentence with the line that follows the turn", async () => {
  await using lab = await openLab();
  const { code, stdout, stderr } = await lab.chat(["new", "-q", "hello"]);
  assertEquals([code, stderr], [0, ""]);
  assert(isTurnId(stdout.trimEnd()) && stdout.endsWith("\n"), stdout);
  for (const other of ["--wait", "--follow", "--json"]) {
    const refused = await lab.chat(["new", "-q", other, "hello"]);
    assertEquals(refused.code, 2);
    assertMatch(refused.stderr, /--print-id and --\w+ exclude each other/);
  }
  const shown = await onTerminal(lab, commandLine(lab, ["new", "hello"]));
  const short = lab.turnIds().at(-1)!.slice(-8);
  assertEquals(
    shown.stdout,
    `started ${short} — follow: ~/.codex-server/bin/codex-server tail -f ${short}\r\n`,
  );
  const line = commandLine(lab, ["new", "--json", "hello"]);
  const json = await onTerminal(lab, line);
  assertEquals(JSON.parse(json.stdout).turn_id, lab.turnIds().at(-1));
});

Deno.test("Row D8: new --wait runs a turn to its end, and new --follow streams it; they end with its exit code", async () => {
  await using lab = await openLab();
  const waited = await lab.chat(["new", "--wait", "hello"]);
  assertEquals(waited.code, 0);
  assertMatch(waited.stdout, /^You said: hello\n\n\[done\]/);
  assertMatch(waited.stderr, /^codex-server: note: turn [0-9a-f-]{36}\n$/);
  const json = await lab.json("new", "--wait", "--json", "hello");
  assertEquals(json.text, "You said: hello");

  const followed = await lab.chat(["new", "--follow", "play two_messages"]);
  assertEquals(followed.code, 0);
  assertMatch(
    followed.stdout,
    /^First I look around\.\n\n(\[command\] .*echo from-codex.*)\n\1 → exit 0, [\d.]+ s\n\nThen I am done:/,
  );
  for (const flag of ["--wait", "--follow"]) {
    const ran = await lab.chat(["new", flag, "play status400"]);
    assertEquals(ran.code, 1, flag);
    assertMatch(ran.stderr, /failed — /);
  }
});

Deno.test("Row A3: new and continue take --model, --cwd, --schema, --image twice and --skip-git-check", async () => {
  await using lab = await openLab();
  const outside = join(lab.home.home, "outside");
  Deno.mkdirSync(outside);
  const image = join(lab.home.home, "a.png");
  Deno.writeFileSync(image, imageOf("png"));
  const flags = [
    ...["--model", "gpt-5.5", "--cwd", outside, "--skip-git-check"],
    ...["--schema", writeSchema(lab), "--image", image, "--image", image],
  ];
  const check = async (...verb: string[]) => {
    const turnId = await wholeTurn(lab, ...verb, ...flags, "play json say=yes");
    const request = lab.server.turns().at(-1)!;
    assertEquals(request.images, 2);
    assertEquals(request.body?.model, "gpt-5.5");
    assert(JSON.stringify(request.body).includes(outside), "the cwd is told");
    const { structured, thread_id } = lab.result(turnId);
    assertEquals(structured, { answer: "yes", count: 1 });
    return thread_id;
  };
  const thread = await check("new");
  assertEquals(await check("continue", "--thread", thread), thread);
});

Deno.test("E24 newcomer A13: --key repeated gives the same turn, and with anything else asked it is refused", async () => {
  await using lab = await openLab();
  const asked = ["new", "--key", "k 1/../x", "--effort", "low", "hello"];
  const [one, two] = await Promise.all(
    [asked, asked].map((args) => lab.json(...args)),
  );
  assertEquals(one.turn_id, two.turn_id);
  assertEquals([one.reused, two.reused].filter(Boolean), [true]);
  const short = one.turn_id.slice(-8);
  // How the caller stays is not asked of codex, nor is where the prompt came from.
  const waited = await lab.chat([
    ...["new", "--key=k 1/../x", "--effort=low", "--wait"],
    ...["--prompt-file", "-"],
  ], { stdin: "hello" });
  assertEquals(waited.code, 0, waited.stderr);
  assertStringIncludes(waited.stderr, `${one.turn_id}, of an earlier call`);
  const sub = join(lab.repo, "sub");
  Deno.mkdirSync(sub);
  const others: [string[], string?][] = [
    [["new", "--key", "k 1/../x", "--effort", "low", "Hello"]],
    [["new", "--key", "k 1/../x", "hello"]],
    [["new", "--write", ...asked.slice(1)]],
    [["continue", ...asked.slice(1)]],
    [asked, sub],
  ];
  for (const [args, cwd = lab.repo] of others) {
    const { code, stdout, stderr } = await lab.chat(args, { cwd });
    assertEquals([code, stdout], [2, ""], args.join(" "));
    assertStringIncludes(stderr, `another request: turn ${short} "hello"`);
  }
  const closed = await chatIn(lab, asked, {
    under: ["sh", "-c", '"$@" >/dev/full', ""],
  });
  assertEquals(closed.code, 7, "review A19: an answer that is lost is told");
  assertStringIncludes(closed.stderr, one.turn_id);
  const other = await lab.json("new", "--key", "k 2", "hello");
  assert(other.turn_id !== one.turn_id);
  await until(() => lab.server.turns().length === 2, "two turns, not three");
  assertEquals(lab.turnIds().length, 2);
});

Deno.test("--write lets codex write in its directory, and without it nothing is written", async () => {
  await using lab = await openLab();
  const path = join(lab.repo, "hello.txt");
  const patch = "play patch name=hello.txt text=hi";
  await lab.run(patch, "--sandbox", "read-only");
  assertEquals(Array.from(Deno.readDirSync(lab.repo)).length, 2);
  const turnId = await lab.run(patch, "--write");
  assertEquals(Deno.readTextFileSync(path), "hi\n");
  assertEquals(lab.result(turnId).files_changed, [path]);
  assertEquals(metaOf(lab, turnId).sandbox, "workspace-write");
});
