/** scenarios.feature, rule "The model gets more than words, and gives more than words". */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { openLab } from "../../lab.ts";
import type { Play } from "../../loopback/play.ts";
import { message, response } from "../../loopback/sse.ts";

const fixture = (name: string) =>
  fromFileUrl(new URL(`../fixtures/${name}`, import.meta.url));

/** A model that finds one thing, in the form that codex's reviewer gives it in. */
const reviewer: Play = (request) =>
  response(
    request,
    message([JSON.stringify({
      findings: [{
        title: "Two lines were lost",
        body: "The second heading is gone.",
        confidence_score: 0.9,
        priority: 1,
        code_location: {
          absolute_file_path: "/repo/README.md",
          line_range: { start: 1, end: 1 },
        },
      }],
      overall_correctness: "patch is incorrect",
      overall_explanation: "A heading was lost.",
      overall_confidence_score: 0.8,
    })]),
  );

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

Deno.test("Uncommitted changes are reviewed", async () => {
  await using lab = await openLab({ play: reviewer });
  Deno.writeTextFileSync(join(lab.repo, "README.md"), "# changed\n");
  const { turn_id } = await lab.json("review");
  assertEquals((await lab.chat(["wait", turn_id])).code, 0);
  assertStringIncludes(lab.server.turns()[0]!.prompt, "unstaged");
  const { text, review } = await lab.json("result", turn_id, "--json");
  assertStringIncludes(text, "Two lines were lost");
  assertEquals(review.findings[0].title, "Two lines were lost");
});

Deno.test("The changes of a turn are kept as a diff", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("play patch", "--write");
  const diff = Deno.readTextFileSync(lab.turn(turnId).diff);
  assertStringIncludes(diff, "+++ b/hello.txt");
  assertStringIncludes(diff, "\n+hello from the patch\n");
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
