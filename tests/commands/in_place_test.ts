import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { openLab, until } from "../lab.ts";
import { onScreen } from "../terminal.ts";

const ASK = ["--approvals", "ask", "--sandbox", "read-only"];
const PATCH = "play patch name=p.txt text=patched";
const QUESTION = "r1: yes, no, or show the diff? [y/n/d] ";

Deno.test("newcomer G9: new --follow on a terminal asks in place: the diff, then yes", async () => {
  await using lab = await openLab();
  const screen = onScreen(lab, ["new", "--follow", ...ASK, PATCH]);
  await until(() => screen.shown().includes(QUESTION), "the question");
  await screen.type("d\n");
  await until(
    () => screen.shown().split("+patched")[1]?.includes(QUESTION) ?? false,
    "the diff, and the question once more",
  );
  await screen.type("y\n");
  assertEquals(await screen.ended(), 0);
  assertStringIncludes(screen.shown(), "[approval] r1: approved");
  assertEquals(Deno.readTextFileSync(`${lab.repo}/p.txt`), "patched\n");
});

Deno.test("newcomer G9: tail -f on a terminal: no is no; another's answer takes the question away; Ctrl-C detaches", async () => {
  await using lab = await openLab();
  const following = async () => {
    const turnId = await lab.start(PATCH, ...ASK);
    const screen = onScreen(lab, ["tail", "-f", turnId]);
    await until(() => screen.shown().includes(QUESTION), "the question");
    return { turnId, screen };
  };
  const { screen: no } = await following();
  await no.type("n\n");
  assertEquals(await no.ended(), 0);
  assertStringIncludes(no.shown(), "[approval] r1: declined");

  const { turnId: elsewhere, screen: other } = await following();
  await lab.chat(["decline", elsewhere]);
  assertEquals(await other.ended(), 0);
  const behind = other.shown().split(QUESTION).at(-1)!;
  assertMatch(behind, /^\r +\r/, "it is taken away");

  const { turnId: left, screen: leaving } = await following();
  await leaving.type("\x03");
  assertEquals(await leaving.ended(), 130);
  assertStringIncludes(leaving.shown(), "detached");
  const { pending } = await lab.json("status", left);
  assertEquals(pending.length, 1, "it still asks");
  // Through a pipe nobody is asked.
  const piped = await lab.chat(["tail", left]);
  assert(!piped.stdout.includes("[y/n"));
});
