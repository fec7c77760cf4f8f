import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { openLab, until, withoutWarnings } from "../lab.ts";

Deno.test("Row A7: tail prints out.txt so far and returns while the turn runs", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(
    "play two_messages cmd=sleep%2030",
    "--write",
  );
  await until(
    () => withoutWarnings(Deno.readTextFileSync(lab.turn(turnId).out)) !== "",
    "the first message",
  );
  const { code, stdout, stderr } = await lab.chat(["tail", turnId]);
  assertEquals(code, 0);
  assertEquals(stdout, Deno.readTextFileSync(lab.turn(turnId).out));
  assertStringIncludes(stdout, "First I look around.");
  assertEquals(stderr, "");
  assertEquals((await lab.json("status", turnId)).state, "running");
});

Deno.test("Row A8: tail --follow streams until the turn is over and ends with its exit code", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(
    "play two_messages cmd=sleep%202",
    "--write",
  );
  const child = lab.spawn(["tail", "--follow", turnId]);
  const pieces: { text: string; running: boolean }[] = [];
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    pieces.push({ text, running: lab.server.turns().length < 2 });
  }
  await child.stderr.cancel();
  assertEquals((await child.status).code, 0);
  const all = pieces.map(({ text }) => text).join("");
  assertEquals(all, Deno.readTextFileSync(lab.turn(turnId).out));
  const early = pieces.filter(({ running }) => running)
    .map(({ text }) => text).join("");
  assertStringIncludes(early, "First I look around.");
});

Deno.test("Row A9: wait blocks until the end and prints the final out.txt", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play text words=5 over=1000");
  const { code, stdout, stderr } = await lab.chat(["wait", turnId]);
  assertEquals(code, 0);
  assertEquals(stdout, Deno.readTextFileSync(lab.turn(turnId).out));
  assertMatch(
    withoutWarnings(stdout),
    /^word-1 word-2 word-3 word-4 word-5\n\[done\] /,
  );
  assertEquals(stderr, "");
  assert(Deno.statSync(lab.turn(turnId).done).isFile);
});

Deno.test("wait prints the out.txt of a failed turn to stderr, with a line that says why", async () => {
  await using lab = await openLab({
    provider: "stream_max_retries = 0\nrequest_max_retries = 0",
  });
  const turnId = await lab.start("play status400");
  const { code, stdout, stderr } = await lab.chat(["wait", turnId]);
  assertEquals(code, 1);
  assertEquals(stdout, "");
  assertStringIncludes(stderr, Deno.readTextFileSync(lab.turn(turnId).out));
  assertMatch(stderr, /\ncodex-server: turn \S+ failed: .*400.* — .*\n$/);
});

Deno.test("Row A10: wait --timeout ends with exit 4 at the deadline and the turn runs on", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play text words=4 over=2500");
  for (const timeout of ["0", "0.3"]) {
    const waited = await lab.chat(["wait", turnId, "--timeout", timeout]);
    assertEquals(waited.code, 4);
    assertEquals(waited.stdout, "");
    assertMatch(waited.stderr, /^codex-server: .*still running.* — .*\n$/);
  }
  const json = await lab.chat(["wait", turnId, "--timeout", "0", "--json"]);
  assertEquals(json.code, 4);
  assertEquals(JSON.parse(json.stdout).state, "running");
  const done = await lab.chat(["wait", turnId, "--timeout", "60"]);
  assertEquals(done.code, 0);
});

Deno.test("a reader that leaves early ends tail --follow quietly", async () => {
  await using lab = await openLab();
  await lab.run("play long kb=500 deltas=20");
  const child = lab.spawn(["tail", "--follow"]);
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const stderr = await new Response(child.stderr).text();
  assertEquals((await child.status).code, 0);
  assertEquals(stderr, "");
});

Deno.test("result prints the answer alone, and says so while the turn runs", async () => {
  await using lab = await openLab();
  const running = await lab.start("play hang", "--label", "slow");
  const early = await lab.chat(["result", "slow"]);
  assertEquals(early.code, 4);
  assertMatch(early.stderr, new RegExp(`wait ${running}\n$`));
  const turnId = await lab.run("play two_messages", "--write");
  const { code, stdout } = await lab.chat(["result", turnId]);
  assertEquals(code, 0);
  assertEquals(stdout, "Then I am done:\nfrom-codex\n");
  const json = await lab.json("result", turnId, "--json");
  assertEquals(json.state, "complete");
  assertEquals(json.status, "complete");
  assertEquals(json.schema_version, 1);
});
