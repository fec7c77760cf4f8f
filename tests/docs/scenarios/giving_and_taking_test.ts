/** scenarios.feature, rule "The model gets more than words, and gives more than words". */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { openLab } from "../../lab.ts";

const fixture = (name: string) =>
  fromFileUrl(new URL(`../fixtures/${name}`, import.meta.url));

Deno.test("A schema makes the answer JSON", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello", "--schema", fixture("schema.json"));
  const { text, structured } = lab.result(turnId);
  assertEquals(JSON.parse(text), structured);
  assert(["ship", "hold"].includes(structured.verdict));
  assert(Array.isArray(structured.reasons));
});

Deno.test("Images are attached", async () => {
  await using lab = await openLab();
  const picture = fixture("pixel.png");
  await lab.run("play images", "--image", picture, "--image", picture);
  assertEquals(lab.server.turns().at(-1)?.images, 2);
});

Deno.test("Files are changed only when the turn may write", async () => {
  await using lab = await openLab();
  const path = join(lab.repo, "hello.txt");
  const files = () =>
    Array.from(Deno.readDirSync(lab.repo), ({ name }) => name);
  const kept = await lab.run("play patch", "--sandbox", "read-only");
  assert(!files().includes("hello.txt"));
  assertEquals(lab.result(kept).files_changed, []);
  const written = await lab.run("play patch", "--write");
  assert(files().includes("hello.txt"));
  assertEquals(lab.result(written).files_changed, [path]);
});
