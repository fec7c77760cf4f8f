import { assert, assertEquals, assertMatch } from "@std/assert";
import { openLab, until } from "../lab.ts";

Deno.test("Row A37: out.txt grows while the model speaks", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play text words=40 over=4000");
  const { out, done } = lab.turn(turnId);
  const seen = new Set<string>();
  const isDone = () => {
    try {
      return Deno.lstatSync(done).isFile;
    } catch {
      return false;
    }
  };
  await until(() => {
    if (isDone()) return true;
    seen.add(Deno.readTextFileSync(out));
    return false;
  }, "the end of the turn");
  const partial = [...seen].filter((text) =>
    text.includes("word-1") && !text.includes("word-40")
  );
  assert(partial.length >= 10, `${partial.length} states were seen`);
  const last = Deno.readTextFileSync(out);
  for (const text of partial) assert(last.startsWith(text));
  const words = Array.from({ length: 40 }, (_, n) => `word-${n + 1}`).join(" ");
  assertMatch(last, new RegExp(`^(\\[warning\\].*\\n)*${words}\\n\\[done\\]`));
  assertEquals(lab.result(turnId).text, words);
});

Deno.test("Row D8: a turn is run to its end with --wait, and streamed with --follow", async () => {
  await using lab = await openLab();
  const prompt = "play text words=20 over=2000";
  const waited = await lab.chat(["new", "--wait", prompt]);
  assertEquals(waited.code, 0);
  assertMatch(waited.stdout, /word-1 .*word-20\n\[done\]/);
  const followed = lab.spawn(["new", "--follow", prompt]);
  const pieces: string[] = [];
  for await (
    const piece of followed.stdout.pipeThrough(new TextDecoderStream())
  ) pieces.push(piece);
  await followed.stderr.cancel();
  assertEquals((await followed.status).code, 0);
  assert(pieces.length > 5, `it came in ${pieces.length} pieces`);
  const spoken = /word-1.*\n\[done\].*\n/s;
  assertEquals(
    pieces.join("").match(spoken)![0],
    waited.stdout.match(spoken)![0],
  );
});

Deno.test("Row D19: diff.patch of a turn applies to the directory as it was", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play patch name=new.txt", "--write");
  const { diff } = lab.turn(turnId);
  Deno.removeSync(`${lab.repo}/new.txt`);
  const applied = new Deno.Command("git", {
    args: ["apply", diff],
    cwd: lab.repo,
    env: lab.env,
  }).outputSync();
  assert(applied.success, new TextDecoder().decode(applied.stderr));
  const text = Deno.readTextFileSync(`${lab.repo}/new.txt`);
  assertEquals(text, "hello from the patch\n");
});

Deno.test("text that a retry cut off is marked in out.txt and no part of the answer", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play failed words=3 times=1");
  const { text } = lab.result(turnId);
  assertEquals(text, "You said: play failed words=3 times=1");
  assertMatch(
    Deno.readTextFileSync(lab.turn(turnId).out),
    /lost lost lost\n\[dropped\].*\n\[retry\].*\nYou said: /,
  );
});

Deno.test("a question's secret answer is in no file of the turn, traced or not", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(
    "play ask",
    "--approvals",
    "ask",
    "--trace",
    "--config",
    "features.default_mode_request_user_input=true",
  );
  await until(
    async () => (await lab.json("status", turnId)).pending?.length > 0,
    "the question",
  );
  const answered = await lab.chat(["answer", turnId, "Red"]);
  assertEquals(answered.code, 0, answered.stderr);
  await lab.chat(["wait", turnId]);
  // Every message that was traced can be read back.
  const lines = Deno.readTextFileSync(lab.turn(turnId).rpc).trimEnd();
  for (const line of lines.split("\n")) JSON.parse(line);
});
