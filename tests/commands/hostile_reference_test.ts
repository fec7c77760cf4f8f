import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openLab } from "../lab.ts";
import { assertRefused, type Refusal } from "./refusal.ts";

const NO_TURN = "01a1fe8e-d5c8-77c3-a907-824799b88933";
const UNKNOWN: Refusal = { exit: 6, code: "no_such_turn" };
const MALFORMED: Refusal = { exit: 2, code: "usage" };

const HOSTILE: [reference: string, Refusal][] = [
  ["../../x", MALFORMED],
  ["../turns", MALFORMED],
  ["/etc/passwd", MALFORMED],
  [".", MALFORMED],
  ["..", MALFORMED],
  ["%2e%2e", MALFORMED],
  ["a/b", MALFORMED],
  ["x".repeat(5000), MALFORMED],
  ["a\nb", MALFORMED],
  [`${NO_TURN}\n`, MALFORMED],
  [`${NO_TURN}/..`, MALFORMED],
  ["", MALFORMED],
  [" ", MALFORMED],
  ["\u001b[2J", MALFORMED],
  [NO_TURN, UNKNOWN],
  [NO_TURN.toUpperCase(), UNKNOWN],
  ["nolabel", UNKNOWN],
  ["0000", UNKNOWN],
];

Deno.test("E12 a hostile or unknown turn is refused, and named", async (t) => {
  await using lab = await openLab();
  await lab.run("hello");
  for (const [reference, refusal] of HOSTILE) {
    await t.step(
      `tail ${JSON.stringify(reference).slice(0, 40)}`,
      () => assertRefused(lab, ["tail", "--", reference], refusal),
    );
  }
  for (const verb of ["wait", "result", "cancel"]) {
    await t.step(`${verb} of nothing`, async () => {
      await assertRefused(lab, [verb, NO_TURN], UNKNOWN);
      await assertRefused(lab, [verb, "../../x"], MALFORMED);
      await assertRefused(lab, [verb, "one", "two"], MALFORMED);
    });
  }
});

Deno.test("status answers an unknown turn with the state missing and exit 6", async () => {
  await using lab = await openLab();
  const { code, stdout, stderr } = await lab.chat(["status", NO_TURN]);
  assertEquals(code, 6);
  assertEquals(stderr, "");
  const status = JSON.parse(stdout);
  assertEquals(status.state, "missing");
  assertEquals(status.turn_id, NO_TURN);
  await assertRefused(lab, ["status", "../../x"], MALFORMED);
});

Deno.test("E13 a valid id that is a link is no turn for any verb, and what it leads to stays untouched", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello");
  const turns = join(lab.home.home, ".codex-server/turns");
  Deno.symlinkSync(lab.turn(turnId).dir, join(turns, NO_TURN));
  const verbs: [verb: string, ...more: string[]][] = [
    ...[["tail"], ["wait"], ["result"], ["cancel"], ["watch"]] as [string][],
    ...[["steer", "text"], ["answer", "text"]] as [string, string][],
    ...[["approve"], ["decline"]] as [string][],
  ];
  for (const [verb, ...more] of verbs) {
    await assertRefused(lab, [verb, NO_TURN, ...more], UNKNOWN);
  }
  const requests = Deno.readDirSync(lab.turn(turnId).control);
  assertEquals(Array.from(requests), []);
  await lab.chat(["gc", "--older-than", "0"]);
  assertEquals(Deno.lstatSync(join(turns, NO_TURN)).isSymlink, true);
  assertEquals((await lab.chat(["status", NO_TURN])).code, 6);
  const { turns: listed } = await lab.json("list-turns");
  assertEquals(listed.map((turn: { turn_id: string }) => turn.turn_id), [
    turnId,
  ]);
});

Deno.test("E18 a hostile or unknown thread is refused", async (t) => {
  await using lab = await openLab();
  const cases: [string, Refusal][] = [
    ["../../x", MALFORMED],
    ["%2e%2e", MALFORMED],
    ["x".repeat(5000), MALFORMED],
    [`${NO_TURN}\n`, MALFORMED],
    [NO_TURN, { exit: 6, code: "no_such_thread" }],
  ];
  for (const [thread, refusal] of cases) {
    await t.step(JSON.stringify(thread).slice(0, 40), async () => {
      await assertRefused(lab, ["continue", "--thread", thread, "hi"], refusal);
      await assertRefused(lab, ["show", thread], refusal);
    });
  }
  await t.step(
    "none in this directory",
    () =>
      assertRefused(lab, ["continue", "hi"], {
        exit: 6,
        code: "no_such_thread",
      }),
  );
  await t.step("both choices", () =>
    assertRefused(
      lab,
      ["continue", "--last", "--thread", NO_TURN, "hi"],
      MALFORMED,
    ));
});
