import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type Lab, openLab, pinCodex, ranOf } from "../lab.ts";
import { assertRefused } from "./refusal.ts";

const CODEX = { exit: 3, code: "codex_missing" };

/** Writes a program, or what is none, into the home; its path. */
function script(lab: Lab, text: string, mode: number): string {
  const path = join(lab.home.home, `codex-${crypto.randomUUID()}`);
  Deno.writeTextFileSync(path, text);
  Deno.chmodSync(path, mode);
  return path;
}

/** A program that works, with these permissions. */
const program = (mode: number) => (lab: Lab) =>
  script(lab, "#!/bin/sh\n", mode);

const PINS: [name: string, says: RegExp, path: (lab: Lab) => string][] = [
  ["F1 a pinned codex that is gone", / is gone/, program(0o755)],
  ["F2 a pinned codex that is no program", /not executable/, program(0o644)],
  ["F3 a pinned codex that is a directory", /not a file/, (lab) => lab.repo],
  [
    "F4 a pinned script without a #! line",
    /#! line/,
    (lab) => script(lab, "echo hi\n", 0o755),
  ],
  ["F4 an empty pinned file", /#! line/, (lab) => script(lab, "", 0o755)],
  ["F6 a pinned codex that all may write", /by others/, program(0o777)],
  ["F6 a pinned codex that its group may write", /by others/, program(0o775)],
];

for (const [name, says, pathIn] of PINS) {
  Deno.test(`${name} is refused with exit 3, its path and setup`, async () => {
    await using lab = await openLab();
    const path = pathIn(lab);
    pinCodex(lab.home.home, path);
    if (name.startsWith("F1 ")) Deno.removeSync(path);
    const line = new RegExp(`${path}.*${says.source}.* — .*setup`);
    for (const verb of ["new", "continue", "fork"]) {
      await assertRefused(lab, [verb, "hi"], { ...CODEX, says: line });
    }
    await assertRefused(lab, ["review"], { ...CODEX, says: line });
  });
}

Deno.test("a config.json that is missing or malformed is refused with exit 3", async (t) => {
  await using lab = await openLab();
  const path = join(lab.home.home, ".codex-server/config.json");
  const sound = JSON.parse(Deno.readTextFileSync(path));
  const changed = (change: object) => JSON.stringify({ ...sound, ...change });
  const cases: [name: string, text: string, says: RegExp][] = [
    ["not JSON", "{", /not JSON/],
    ["empty", "", /not JSON/],
    ["an array", "[]", /not an object/],
    ["null", "null", /not an object/],
    ["lacking fields", "{}", /lacks fields/],
    ["newer", changed({ schema_version: 99 }), /newer/],
    ["a wrong type", changed({ codex_path: 7 }), /lacks fields/],
    ["no slots", changed({ max_concurrent: 0 }), /lacks fields/],
  ];
  for (const [name, text, says] of cases) {
    await t.step(name, async () => {
      Deno.writeTextFileSync(path, text);
      await assertRefused(lab, ["new", "hi"], {
        exit: 3,
        code: "bad_config",
        says,
      });
    });
  }
  await t.step("missing", async () => {
    Deno.removeSync(path);
    await assertRefused(lab, ["new", "hi"], {
      exit: 3,
      code: "not_set_up",
      says: /setup/,
    });
  });
});

Deno.test("F8 without auth.json every verb that needs a login exits 2 with the login guide (Row A15)", async (t) => {
  await using lab = await openLab({ auth: "none" });
  const thread = "01a1fe8e-d5c8-77c3-a907-824799b88933";
  const verbs = [
    ["new", "hi"],
    ["continue", "hi"],
    ["tail"],
    ["wait"],
    ["status"],
    ["fork", "hi"],
    ["review"],
    ["approve", "a-turn"],
    ...["steer", "answer"].map((verb) => [verb, "a-turn", "text"]),
    ["list-turns"],
    ["list"],
    ["show", thread],
  ];
  for (const args of verbs) {
    await t.step(args[0]!, () =>
      assertRefused(lab, args, {
        exit: 2,
        code: "not_logged_in",
        says: /`codex login`.*--device-auth/,
      }));
  }
  await t.step("help, version and gc work without", async () => {
    for (const verb of ["help", "version", "gc"]) {
      assertEquals((await lab.chat([verb])).code, 0, verb);
    }
  });
});

Deno.test("newcomer A12, review A28: without a login a turn can be watched, read and stopped", async () => {
  await using lab = await openLab();
  const turnId = await lab.start("play hang");
  Deno.renameSync(
    join(lab.home.codexHome, "auth.json"),
    join(lab.home.home, "auth.json"),
  );
  assertEquals((await lab.chat(["new", "hi"])).code, 2);
  const declined = await lab.chat(["decline", turnId]);
  assertMatch(declined.stderr, /^(?!.*logged in)/);
  const watching = lab.spawn(["watch", turnId]);
  assertEquals(
    (await lab.chat(["cancel"])).stdout,
    `Turn ${turnId} is cancelled\n`,
  );
  assertMatch((await ranOf(watching.output())).stdout, /\[cancelled\]/);
  assertEquals((await lab.chat(["result", turnId])).code, 1);
});

/** Writes each auth.json in turn: it is refused and left as it is. */
async function assertLoginRefused(
  t: Deno.TestContext,
  code: string,
  cases: [text: string, says: RegExp][],
): Promise<void> {
  await using lab = await openLab();
  const path = join(lab.home.codexHome, "auth.json");
  for (const [text, says] of cases) {
    await t.step(JSON.stringify(text), async () => {
      Deno.writeTextFileSync(path, text);
      await assertRefused(lab, ["new", "hi"], { exit: 2, code, says });
      assertEquals(Deno.readTextFileSync(path), text);
      const { stderr } = await lab.chat(["status"]);
      assertEquals(stderr.includes("sk-canary"), false);
    });
  }
}

Deno.test("F8 an auth.json that is empty or malformed is refused with the login guide", (t) =>
  assertLoginRefused(t, "not_logged_in", [
    ["", /codex login/],
    ['{"auth_mode": "chatgpt", "tok', /not valid.*codex login/],
    ["[]", /codex login/],
    ["\0\0\0\0", /not valid.*codex login/],
    ['{"auth_mode":"chatgpt"}', /no login.*codex login/],
  ]));

Deno.test("F9 an auth.json with an API key, alone or beside tokens, is refused, the key never told and the file left as it was", (t) =>
  assertLoginRefused(t, "api_key_login", [
    [
      '{"auth_mode": "apikey", "OPENAI_API_KEY": "sk-canary"}\n',
      /API key.*left as it is.*codex login/,
    ],
    ['{"OPENAI_API_KEY": "sk-canary"}', /API key.*left as it is/],
    [
      '{"OPENAI_API_KEY": "sk-canary", "tokens": {"access_token": "a.b.c"}}',
      /API key.*left as it is/,
    ],
  ]));
