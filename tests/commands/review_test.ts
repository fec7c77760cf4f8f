import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Lab, openLab } from "../lab.ts";
import { eventsOf, metaOf, outOf } from "../live_turns/turn_text.ts";
import type { Play } from "../loopback/play.ts";
import { message, response } from "../loopback/sse.ts";
import { assertRefused } from "./refusal.ts";

/** What codex's reviewer answers with. */
const REVIEW = {
  findings: [{
    title: "[P1] The parser loops",
    body: "An empty line never ends.",
    confidence_score: 0.9,
    priority: 1,
    code_location: {
      absolute_file_path: "/src/parser.ts",
      line_range: { start: 3, end: 5 },
    },
  }],
  overall_correctness: "patch is incorrect",
  overall_explanation: "It hangs on an empty line.",
  overall_confidence_score: 0.8,
};

const reviewer: Play = (request) =>
  response(request, message([JSON.stringify(REVIEW)]));

/** Gives the reviewer something to look at. */
const change = (lab: Lab): void =>
  Deno.writeTextFileSync(`${lab.repo}/README.md`, "changed\n");

/** Runs a review of a change and returns its turn and what the model was asked. */
async function review(
  lab: Lab,
  ...flags: string[]
): Promise<{ turnId: string; asked: string }> {
  change(lab);
  const { turn_id: turnId } = await lab.json("review", ...flags);
  const { code, stderr } = await lab.chat(["wait", turnId]);
  assertEquals(code, 0, stderr);
  return { turnId, asked: lab.server.turns().at(-1)!.prompt };
}

/** Runs git in the lab's repository. */
async function git(lab: Lab, ...args: string[]): Promise<void> {
  const { cwd, env } = { cwd: lab.repo, env: lab.env };
  const command = new Deno.Command("git", { args, cwd, env, clearEnv: true });
  assert((await command.output()).success, args.join(" "));
}

Deno.test("Row C14, Row D16: a review asks the model for its target", async (t) => {
  await using lab = await openLab({ play: reviewer });
  await git(lab, "update-ref", "refs/remotes/origin/feature/x", "HEAD");
  const targets: [flags: string[], asks: RegExp, prompt: string][] = [
    [
      [],
      /current code changes \(staged, unstaged, and untracked/,
      "Review the uncommitted changes",
    ],
    [
      ["--base", "main"],
      /against the base branch 'main'/,
      "Review against main",
    ],
    [
      ["--base", "origin/feature/x"],
      /the base branch 'origin\/feature\/x'/,
      "Review against origin/feature/x",
    ],
    [
      ["--commit", "HEAD", "--title", "Fix the parser"],
      /introduced by commit HEAD \("Fix the parser"\)/,
      "Review commit HEAD",
    ],
    [
      ["--instructions", 'Look for `$(x)` and "races"'],
      /^Look for `\$\(x\)` and "races"$/,
      'Look for `$(x)` and "races"',
    ],
  ];
  for (const [index, [flags, asks, prompt]] of targets.entries()) {
    await t.step(prompt, async () => {
      const { turnId, asked } = await review(lab, ...flags);
      assertMatch(asked, asks);
      assertEquals(lab.server.turns().length, index + 1);
      assertEquals(Deno.readTextFileSync(lab.turn(turnId).prompt), prompt);
      assertEquals(metaOf(lab, turnId).engine, "app-server");
    });
  }
});

Deno.test("Row C15: the findings are text, and under review as codex gave them; its tokens are counted, or said to be unknown", async () => {
  await using lab = await openLab({ play: reviewer });
  const { turnId } = await review(lab);
  const text =
    "It hangs on an empty line.\n\nReview comment:\n\n- [P1] The parser loops — /src/parser.ts:3-5\n  An empty line never ends.";
  assertEquals((await lab.chat(["result", turnId])).stdout, `${text}\n`);
  const told = await lab.json("result", turnId, "--json");
  assertEquals(told.review, REVIEW);
  assertEquals([told.text, told.status], [text, "complete"]);
  const out = outOf(lab, turnId);
  assert(out.startsWith(`${text}\n`), out);
  assert(
    eventsOf(lab, turnId).some(({ item }) => item?.type?.includes("review")),
    "the review's own items are kept",
  );
  const { usage } = told;
  assert(usage === null || usage.input_tokens > 0, JSON.stringify(usage));
  assert(!out.includes("[done] 0 tokens in"));
});

Deno.test("a review whose words are no JSON is told as codex tells it", async () => {
  const prose: Play = (request) => response(request, message(["Looks fine."]));
  await using lab = await openLab({ play: prose });
  const { turnId } = await review(lab);
  assertEquals(lab.result(turnId).text, "Looks fine.");
  assertEquals(lab.result(turnId).review.findings, []);
});

Deno.test("a reviewer that answers nothing: the turn has failed, no_review", async () => {
  await using lab = await openLab({ play: (request) => response(request, []) });
  change(lab);
  const { turn_id: turnId } = await lab.json("review");
  const { code, stderr } = await lab.chat(["wait", turnId]);
  assertEquals(code, 1);
  assertMatch(stderr, /ended without a review/);
  assertEquals(lab.result(turnId).status, "failed");
  assertEquals(lab.result(turnId).error.code, "no_review");
});

Deno.test("a review can be cancelled", async () => {
  await using lab = await openLab();
  const { turn_id: turnId } = await lab.json(
    ...["review", "--instructions", "play hang words=2"],
  );
  await lab.server.waitFor((server) => server.openStreams > 0);
  const { code, stdout } = await lab.chat(["cancel", turnId]);
  assertEquals(code, 0);
  assertMatch(stdout, /is cancelled/);
  await lab.server.waitFor((server) => server.openStreams === 0);
});

Deno.test("E22 bug 11, newcomer A11: a base or commit that is not there, and a review of nothing, are refused", async (t) => {
  await using lab = await openLab();
  await git(lab, "update-ref", "refs/remotes/origin/feature/x", "HEAD");
  await git(lab, "commit", "-q", "--allow-empty", "-m", "Empty");
  await git(lab, "tag", "here");
  const plain = `${lab.home.home}/plain`;
  Deno.mkdirSync(plain);
  const refused: [flags: string[], says: RegExp, code?: string][] = [
    [[], /Nothing is changed here/],
    [["--base", "nope"], /no branch or commit nope here/],
    [["--base", "feature/x"], /only origin\/feature\/x — .*origin\/feature\/x/],
    [["--base=-x"], /dash: -x/],
    [["--base", "main"], /Nothing is changed here since main/],
    [["--base", "here"], /Nothing is changed here since here/],
    [["--base", "main:README.md"], /no branch or commit main:README.md/],
    [["--commit", "deadbeef"], /no commit deadbeef here/],
    [["--commit", "f".repeat(40)], /no commit f+ here/],
    [["--commit=--all"], /dash: --all/],
    [["--commit", "HEAD"], /The commit HEAD changes nothing/],
    [
      ["--skip-git-check", "--cwd", plain],
      /not inside a git/,
      "not_a_repository",
    ],
  ];
  for (const [flags, says, code = "usage"] of refused) {
    await t.step(
      `review ${flags.join(" ")}`,
      () => assertRefused(lab, ["review", ...flags], { exit: 2, code, says }),
    );
  }
});

Deno.test("bug 11: git that cannot be asked leaves it to codex", async () => {
  await using lab = await openLab({ play: reviewer });
  const { code, stderr } = await lab.chat(["review", "--base", "nope"], {
    env: { PATH: `${lab.home.home}/nowhere` },
  });
  assertEquals(code, 0, stderr);
});

Deno.test("continue --last passes a review by", async () => {
  await using lab = await openLab();
  const thread = lab.result(await lab.run("hello")).thread_id;
  const instructions = ["--instructions", "play instant"];
  const { turn_id } = await lab.json("review", ...instructions);
  await lab.chat(["wait", turn_id]);
  const next = await lab.json("continue", "go on");
  assertEquals(metaOf(lab, next.turn_id).resumed_from, thread);
});

Deno.test("targets that contradict each other or are empty are usage errors", async () => {
  await using lab = await openLab();
  const wrong = [
    ["a prompt"],
    ["--base", "main", "--commit", "HEAD"],
    ["--base", "main", "--instructions", "x"],
    ["--title", "T"],
    ["--base", "main", "--title", "T"],
    ["--base="],
    ["--instructions= "],
    ["--schema", "x.json"],
    ["--engine", "sdk"],
  ];
  for (const args of wrong) {
    const { code } = await lab.chat(["review", ...args]);
    assertEquals(code, 2, args.join(" "));
  }
  assertEquals(lab.turnIds(), []);
});
