import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { openLab, pinCodex } from "../lab.ts";
import { assertRefused } from "./refusal.ts";

const CODEX = { exit: 3, code: "codex_missing" };

Deno.test("a pinned codex that is gone or no program is refused with exit 3 and says to run setup", async (t) => {
  await using lab = await openLab();
  const at = (name: string) => join(lab.home.home, name);
  const script = (name: string, text: string, mode: number) => {
    Deno.writeTextFileSync(at(name), text);
    Deno.chmodSync(at(name), mode);
    return at(name);
  };
  const pin = (path: string) => pinCodex(lab.home.home, path);
  const cases: [name: string, path: string, says: RegExp][] = [
    ["not executable", script("mode", "#!/bin/sh\n", 0o644), /not executable/],
    ["without shebang", script("bare", "echo hi\n", 0o755), /#! line/],
    ["empty", script("empty", "", 0o755), /#! line/],
    ["world-writable", script("open", "#!/bin/sh\n", 0o777), /by others/],
    ["a directory", lab.repo, /is not a file/],
  ];
  for (const [name, path, says] of cases) {
    await t.step(name, async () => {
      pin(path);
      await assertRefused(lab, ["new", "hi"], { ...CODEX, says });
      await assertRefused(lab, ["new", "hi"], { ...CODEX, says: /setup/ });
    });
  }
  await t.step("gone", async () => {
    pin(script("gone", "#!/bin/sh\n", 0o755));
    Deno.removeSync(at("gone"));
    await assertRefused(lab, ["new", "hi"], { ...CODEX, says: /is gone/ });
  });
});

Deno.test("a config.json that is missing or malformed is refused with exit 3", async (t) => {
  await using lab = await openLab();
  const path = join(lab.home.home, ".codex-server/config.json");
  const sound = JSON.parse(Deno.readTextFileSync(path));
  const cases: [name: string, text: string, says: RegExp][] = [
    ["not JSON", "{", /not JSON/],
    ["empty", "", /not JSON/],
    ["an array", "[]", /not an object/],
    ["null", "null", /not an object/],
    ["lacking fields", "{}", /lacks fields/],
    ["newer", JSON.stringify({ ...sound, schema_version: 99 }), /newer/],
    [
      "a wrong type",
      JSON.stringify({ ...sound, codex_path: 7 }),
      /lacks fields/,
    ],
    [
      "no slots",
      JSON.stringify({ ...sound, max_concurrent: 0 }),
      /lacks fields/,
    ],
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

Deno.test("Row A15: without a login every verb that needs one exits 2 with the login guide", async (t) => {
  await using lab = await openLab({ auth: "none" });
  const thread = "01a1fe8e-d5c8-77c3-a907-824799b88933";
  const verbs = [
    ["new", "hi"],
    ["continue", "hi"],
    ["tail"],
    ["wait"],
    ["status"],
    ["result"],
    ["cancel"],
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

Deno.test("an auth.json that is empty, corrupt or holds an API key is refused and left as it was", async (t) => {
  await using lab = await openLab();
  const path = join(lab.home.codexHome, "auth.json");
  const apiKey = '{"auth_mode": "apikey", "OPENAI_API_KEY": "sk-canary"}\n';
  const both = JSON.stringify({
    OPENAI_API_KEY: "sk-canary",
    tokens: { access_token: "a.b.c" },
  });
  const cases: [name: string, text: string, code: string, says: RegExp][] = [
    ["empty", "", "not_logged_in", /codex login/],
    ["corrupt", '{"auth_mode": "chatgpt", "tok', "not_logged_in", /not valid/],
    ["an array", "[]", "not_logged_in", /codex login/],
    ["no tokens", '{"auth_mode":"chatgpt"}', "not_logged_in", /no login/],
    ["an API key", apiKey, "api_key_login", /API key.*left as it is/],
    ["a key beside tokens", both, "api_key_login", /API key/],
  ];
  for (const [name, text, code, says] of cases) {
    await t.step(name, async () => {
      Deno.writeTextFileSync(path, text);
      await assertRefused(lab, ["new", "hi"], { exit: 2, code, says });
      assertEquals(Deno.readTextFileSync(path), text);
    });
  }
  await t.step("no key is told", async () => {
    Deno.writeTextFileSync(path, apiKey);
    const { stderr } = await lab.chat(["new", "hi"]);
    assertMatch(stderr, /API key/);
    assertEquals(stderr.includes("sk-canary"), false);
  });
});
