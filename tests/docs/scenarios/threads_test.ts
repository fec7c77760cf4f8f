/** scenarios.feature, rule "Threads go on". */
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { openLab } from "../../lab.ts";

const metaOf = (path: string) => JSON.parse(Deno.readTextFileSync(path));

Deno.test("The newest thread of the directory is continued", async () => {
  await using lab = await openLab();
  const first = lab.result(await lab.run("The word is plover"));
  const { turn_id } = await lab.json("continue", "Which word?");
  assertEquals((await lab.chat(["wait", turn_id])).code, 0);
  const request = lab.server.turns().at(-1)!;
  assertEquals(request.prompts, ["The word is plover", "Which word?"]);
  assertStringIncludes(
    JSON.stringify(request.body),
    "You said: The word is plover",
  );
  const meta = metaOf(lab.turn(turn_id).meta);
  assertEquals(meta.resumed_from, first.thread_id);
});

Deno.test("A thread is continued by its id", async () => {
  await using lab = await openLab();
  const older = lab.result(await lab.run("older")).thread_id;
  await lab.run("newer");
  const { turn_id } = await lab.json("continue", "--thread", older, "on");
  await lab.chat(["wait", turn_id]);
  assertEquals(lab.result(turn_id).thread_id, older);
  assertEquals(lab.server.turns().at(-1)?.prompts, ["older", "on"]);
});

Deno.test("A thread with a running turn is busy", async () => {
  await using lab = await openLab();
  const threadId = lab.result(await lab.run("hello")).thread_id;
  const running = await lab.json(
    "continue",
    "--thread",
    threadId,
    "play text words=6 over=4000",
  );
  const { code, stderr } = await lab.chat(
    ["continue", "--thread", threadId, "--json", "me too"],
  );
  assertEquals(code, 2);
  const { error } = JSON.parse(stderr);
  assertEquals([error.code, error.turn_id], ["thread_busy", running.turn_id]);
  assertEquals(lab.turnIds().length, 2);
});

Deno.test("A thread never loosens silently", async () => {
  await using lab = await openLab({
    config: 'sandbox_mode = "workspace-write"',
  });
  await lab.run("hello", "--sandbox", "read-only");
  const { turn_id } = await lab.json("continue", "play patch name=new.txt");
  await lab.chat(["wait", turn_id]);
  assertEquals(metaOf(lab.turn(turn_id).meta).sandbox, "read-only");
  assert(
    !Array.from(Deno.readDirSync(lab.repo), ({ name }) => name)
      .includes("new.txt"),
  );
});

Deno.test("A forked thread stays as it was", async () => {
  await using lab = await openLab();
  const first = lab.result(await lab.run("The word is plover")).thread_id;
  const { turn_id } = await lab.json("fork", "Which word?");
  assertEquals((await lab.chat(["wait", turn_id])).code, 0);
  assertEquals(
    lab.server.turns().at(-1)?.prompts,
    ["The word is plover", "Which word?"],
  );
  assertNotEquals(lab.result(turn_id).thread_id, first);
  const { messages } = await lab.json("show", first);
  assertEquals(messages.length, 2);
});

Deno.test("An ephemeral thread is not kept", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello", "--ephemeral");
  assertEquals(lab.result(turnId).text, "You said: hello");
  assertEquals((await lab.json("list")).threads, []);
  assertEquals((await lab.chat(["continue", "and?"])).code, 6);
});

Deno.test("Threads are listed and shown", async () => {
  await using lab = await openLab();
  const ids = [];
  for (const prompt of ["first thread", "second thread"]) {
    ids.push(lab.result(await lab.run(prompt)).thread_id);
  }
  const { threads } = await lab.json("list");
  assertEquals(
    threads.map((thread: Record<string, unknown>) => [
      thread.thread_id,
      thread.preview,
    ]),
    [[ids[1], "second thread"], [ids[0], "first thread"]],
  );
  const shown = await lab.json("show", ids[0]);
  assertEquals(shown.cwd, lab.repo);
  assertEquals(
    shown.messages.map((message: Record<string, unknown>) => message.text),
    ["first thread", "You said: first thread"],
  );
});
