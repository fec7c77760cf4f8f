import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openLab } from "../lab.ts";
import { assertRefused, type Refusal } from "./refusal.ts";

const NO_TURN = "01a1fe8e-d5c8-77c3-a907-824799b88933";
const UNKNOWN: Refusal = { exit: 6, code: "no_such_turn" };
const NO_THREAD: Refusal = { exit: 6, code: "no_such_thread" };
const MALFORMED: Refusal = { exit: 2, code: "usage" };

/** What cannot be a turn for any verb is in tests/faults/e_input_test.ts. */
const REFERENCES: [reference: string, Refusal][] = [
  ["../turns", MALFORMED],
  ["..", MALFORMED],
  ["a/b", MALFORMED],
  ["a\nb", MALFORMED],
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
  for (const [reference, refusal] of REFERENCES) {
    await t.step(
      `tail ${JSON.stringify(reference)}`,
      () => assertRefused(lab, ["tail", "--", reference], refusal),
    );
  }
  for (const verb of ["wait", "result", "cancel"]) {
    await t.step(`${verb} of nothing`, async () => {
      await assertRefused(lab, [verb, NO_TURN], UNKNOWN);
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
});

Deno.test("E13 a valid id that is a link is no turn for any verb, and what it leads to stays untouched", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello");
  const turns = join(lab.home.home, ".codex-server/turns");
  Deno.symlinkSync(lab.turn(turnId).dir, join(turns, NO_TURN));
  const verbs = ["tail", "wait", "result", "cancel", "watch"];
  for (const verb of [...verbs, "approve", "decline"]) {
    await assertRefused(lab, [verb, NO_TURN], UNKNOWN);
  }
  for (const verb of ["steer", "answer"]) {
    await assertRefused(lab, [verb, NO_TURN, "text"], UNKNOWN);
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
    [NO_TURN, NO_THREAD],
  ];
  for (const [thread, refusal] of cases) {
    await t.step(JSON.stringify(thread).slice(0, 40), async () => {
      await assertRefused(lab, ["continue", "--thread", thread, "hi"], refusal);
      await assertRefused(lab, ["show", thread], refusal);
    });
  }
  await assertRefused(lab, ["continue", "hi"], NO_THREAD);
  const both = ["--last", "--thread", NO_TURN];
  await assertRefused(lab, ["continue", ...both, "hi"], MALFORMED);
});
