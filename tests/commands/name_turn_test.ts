import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createRepo } from "../loopback/home.ts";
import { openLab } from "../lab.ts";
import { metaOf } from "../live_turns/turn_text.ts";

/** The end of a turn's id. */
const end = (turnId: string) => turnId.slice(-8);

Deno.test("bug 26, newcomer A7: what is meant without a name is the newest turn of the repository, and it is told", async () => {
  await using lab = await openLab();
  const sub = `${lab.repo}/sub`;
  const elsewhere = `${lab.home.home}/elsewhere`;
  for (const dir of [sub, elsewhere]) Deno.mkdirSync(dir);
  const status = async (cwd: string) => {
    const { stdout, stderr } = await lab.chat(["status"], { cwd });
    return { turnId: JSON.parse(stdout).turn_id, stderr };
  };
  assertEquals((await status(elsewhere)).turnId, null);
  const first = await lab.run("The first of them");
  const noted = new RegExp(
    `^codex-server: note: turn ${end(first)} "The first .*", \\d+ s ago\n$`,
  );
  for (const cwd of [lab.repo, sub]) {
    const { turnId, stderr } = await status(cwd);
    assertEquals(turnId, first);
    assertMatch(stderr, noted);
  }
  // Whoever names a turn needs no telling.
  assertEquals((await lab.chat(["status", end(first)])).stderr, "");
  // A turn that was sent elsewhere counts here as well as there.
  const sent = await lab.run("Sent", "--cwd", elsewhere, "--skip-git-check");
  for (const cwd of [sub, elsewhere]) {
    assertEquals((await status(cwd)).turnId, sent);
  }
  const { repository, called_from } = metaOf(lab, sent);
  const here = Deno.realPathSync(lab.repo);
  assertEquals([repository, called_from], [elsewhere, here]);
  for (const verb of ["wait", "result", "tail", "watch"]) {
    const { code, stderr } = await lab.chat([verb], { cwd: sub });
    assertEquals(code, 0, verb);
    assertStringIncludes(stderr, `note: turn ${end(sent)} "Sent"`, verb);
  }
});

Deno.test("bug 13, review A4: what ends, changes or answers something never guesses among several turns", async () => {
  await using lab = await openLab();
  const verbs = [["cancel"], ["approve"], ["decline"], ["steer", "two words"]];
  const all = async (expected: RegExp, code: number) => {
    for (const verb of verbs) {
      const ran = await lab.chat(verb);
      assertMatch(ran.stderr, expected, verb[0]);
      assertEquals([ran.code, ran.stdout], [code, ""], verb[0]);
    }
  };
  await all(/No turn of this repository is running/, 6);
  const older = await lab.start("play hang");
  const newer = await lab.start("play hang");
  await all(
    new RegExp(
      `2 turns of this repository are running: turn ${
        end(newer)
      } "play hang", .*; turn ${end(older)} .* — name one`,
    ),
    2,
  );
  assertEquals((await lab.chat(["cancel", end(newer)])).code, 0);
  // The newest is over; the one that runs is meant, and named.
  const { code, stdout, stderr } = await lab.chat(["cancel"]);
  assertEquals([code, stdout], [0, `Turn ${older} is cancelled\n`]);
  assertStringIncludes(stderr, `note: turn ${end(older)} "play hang"`);
  await all(/No turn of this repository is running/, 6);
  // A single word may be a turn whose text was forgotten.
  const forgotten = await lab.chat(["steer", end(older)]);
  assertEquals(forgotten.code, 2);
  assertStringIncludes(forgotten.stderr, "Expected a turn and a text");
});

Deno.test("E23 newcomer A6, review A4: a label is no part of an id, names one live turn, and belongs to its repository", async () => {
  await using lab = await openLab();
  const count = () => lab.turnIds().length;
  for (const label of ["add", "e6b8", "2026", "0"]) {
    const refused = await lab.chat(["new", "--label", label, "hello"]);
    assertEquals(refused.code, 2, label);
    assertStringIncludes(refused.stderr, "part of a turn id");
  }
  await lab.start("hello", "--label", "cafe-");
  assertEquals(count(), 1);
  const other = await createRepo(lab.home, "other");
  const mine = await lab.start("play hang", "--label", "lab");
  const turnIn = async (cwd: string, ...args: string[]) =>
    JSON.parse((await lab.chat(args, { cwd })).stdout).turn_id;
  const theirs = await turnIn(other, "new", "--label", "lab", "play hang");
  const label = (cwd: string) => turnIn(cwd, "status", "lab");
  assertEquals([await label(lab.repo), await label(other)], [mine, theirs]);
  const again = await lab.chat(["new", "--label", "lab", "hello"]);
  assertEquals(again.code, 2);
  assertStringIncludes(again.stderr, `still running: turn ${end(mine)}`);
  assertEquals(count(), 3);
  // Of two at once one gets it.
  const both = await Promise.all(
    [1, 2].map(() => lab.chat(["new", "--label", "both", "play hang"])),
  );
  assertEquals(both.map(({ code }) => code).toSorted(), [0, 2]);
  await lab.chat(["cancel", "lab"]);
  assertEquals((await lab.json("status", theirs)).state, "running");
  const next = await lab.start("play hang", "--label", "lab");
  assertEquals(await label(lab.repo), next);
  const nowhere = await lab.chat(["wait", "lab"], { cwd: lab.home.home });
  assertEquals(nowhere.code, 6);
  assertStringIncludes(nowhere.stderr, `another repository ${end(next)} has`);
});
