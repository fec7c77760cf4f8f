/** scenarios.feature, rule "A turn starts at once and runs on by itself". */
import { assert, assertEquals } from "@std/assert";
import { openLab, until } from "../../lab.ts";

Deno.test("A new turn returns its id at once and runs on", async () => {
  await using lab = await openLab();
  const before = performance.now();
  const { code, stdout } = await lab.chat([
    "new",
    "play text words=6 over=3000",
  ]);
  const elapsed = performance.now() - before;
  assertEquals(code, 0);
  assert(elapsed < 1000, `${elapsed} ms`);
  const started = JSON.parse(stdout);
  for (const name of ["out", "events", "result", "meta"]) {
    assert(started[`${name}_path`].includes(started.turn_id));
  }
  const { done } = lab.turn(started.turn_id);
  assertEquals(started.done_marker, done);
  const { state } = await lab.json("status", started.turn_id);
  assertEquals(state, "running");
  await until(() => exists(done), "the marker done");
});

Deno.test("The prompt reaches the model byte for byte", async () => {
  const prompt =
    'It\'s "quoted": $HOME $(touch x) `id` \\d+ C:\\x — 🙂\n\n  --follow\n';
  await using lab = await openLab();
  const { code, stdout } = await lab.chat(
    ["new", "--prompt-file", "-"],
    { stdin: prompt },
  );
  assertEquals(code, 0);
  const { turn_id } = JSON.parse(stdout);
  assertEquals(Deno.readTextFileSync(lab.turn(turn_id).prompt), prompt);
  await lab.chat(["wait", turn_id]);
  assertEquals(lab.server.turns().at(-1)?.prompt, prompt);
});

Deno.test("A repeated key makes one turn", async () => {
  await using lab = await openLab();
  const first = await lab.json("new", "--key", "release 1", "hello");
  const second = await lab.json("new", "--key", "release 1", "hello");
  assertEquals(second.turn_id, first.turn_id);
  assertEquals([first.reused, second.reused], [undefined, true]);
  await lab.chat(["wait", first.turn_id]);
  assertEquals(lab.server.turns().length, 1);
});

Deno.test("Turns over the limit wait in line", async () => {
  await using lab = await openLab({ maxConcurrent: 1 });
  const first = await lab.start("play text words=4 over=2000");
  await lab.server.waitFor(({ openStreams }) => openStreams === 1);
  const second = await lab.start("hello");
  await until(
    async () => (await lab.json("status", second)).phase === "queued",
    "the second turn to be queued",
  );
  assertEquals((await lab.json("status", first)).state, "running");
  assertEquals((await lab.chat(["wait", second])).code, 0);
  assertEquals((await lab.json("status", first)).state, "complete");
});

function exists(path: string): boolean {
  try {
    return Deno.lstatSync(path).isFile;
  } catch {
    return false;
  }
}
