import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { turnsAtOnce } from "../../assets/lib/setup/max_concurrent.ts";
import { parseInstallConfig } from "../../assets/lib/codex/install_config.ts";
import { withCodex, withoutCodex, writeCodex } from "./place.ts";

const FIXTURES = fromFileUrl(new URL("./fixtures", import.meta.url));
const GB = 1024 ** 3;

withCodex.test("an older config.json is brought up to date and its max_concurrent kept", async (place) => {
  await Deno.mkdir(place.root, { mode: 0o700 });
  await Deno.copyFile(
    join(FIXTURES, "config_without_version.json"),
    join(place.root, "config.json"),
  );
  const { code, stderr } = await place.setup();
  assertEquals(code, 0);
  assertEquals(
    stderr,
    "codex-server: note: Brought the config.json of an older version up to date\n",
  );
  const config = place.config();
  assertEquals(config.codex_path, join(place.bin, "codex"));
  assertEquals(config.max_concurrent, 3);
  assertEquals(parseInstallConfig(JSON.stringify(config)).kind, "ok");
});

withoutCodex.test("the codex of an older config.json is found where PATH has none", async (place) => {
  const path = join(place.home, "opt/codex");
  await writeCodex(path, "4.0.0");
  await Deno.mkdir(place.root, { mode: 0o700 });
  const older = JSON.stringify({ codex_path: path });
  await Deno.writeTextFile(join(place.root, "config.json"), older);
  assertEquals((await place.setup()).code, 0);
  assertEquals(place.config().codex_path, path);
  assertEquals(place.config().codex_version, "4.0.0");
});

for (
  const text of [
    "",
    "{",
    "null",
    "[1]",
    '"x"',
    '{"schema_version": 1}',
    '{"schema_version": 9, "codex_path": "/x"}',
    " ".repeat((1 << 20) + 1),
  ]
) {
  withCodex.test(
    `D17 a config.json of ${
      text.length > 99 ? "a megabyte" : JSON.stringify(text)
    } is replaced, and that is said`,
    async (place) => {
      await Deno.mkdir(place.root, { mode: 0o700 });
      await Deno.writeTextFile(join(place.root, "config.json"), text);
      const { code, stdout } = await place.setup(["--json"]);
      assertEquals(code, 0);
      const { warnings } = JSON.parse(stdout);
      assertEquals(warnings.length, 1);
      assertStringIncludes(warnings[0], "config.json, which could not be used");
      const config = JSON.stringify(place.config());
      assertEquals(parseInstallConfig(config).kind, "ok");
    },
  );
}

withCodex.test("a max_concurrent that the user has edited stays", async (place) => {
  await place.setup();
  const edited = { ...place.config(), max_concurrent: 2 };
  const path = join(place.root, "config.json");
  await Deno.writeTextFile(path, JSON.stringify(edited));
  const { stdout } = await place.setup();
  assertEquals(place.config().max_concurrent, 2);
  assertStringIncludes(stdout, "At most 2 turns");
});

withCodex.test("the digest follows the binary, and is not taken again without need", async (place) => {
  await place.setup();
  const before = place.config();
  assertMatch(before.codex_sha256, /^[0-9a-f]{64}$/);
  // A digest that could not have been computed shows that none was.
  const marked = { ...before, codex_sha256: "0".repeat(64) };
  const path = join(place.root, "config.json");
  await Deno.writeTextFile(path, JSON.stringify(marked));
  await place.setup();
  assertEquals(place.config().codex_sha256, marked.codex_sha256);

  await writeCodex(join(place.bin, "codex"), "2.0.0");
  await place.setup();
  const after = place.config();
  assertEquals(after.codex_version, "2.0.0");
  assertMatch(after.codex_sha256, /[1-9a-f]/);
  assertEquals(after.codex_sha256 === before.codex_sha256, false);
});

Deno.test("turns at once: eight a core, within half of the memory, four at least", () => {
  assertEquals(turnsAtOnce({ cores: 2, memory: 24 * GB }), 16);
  assertEquals(turnsAtOnce({ cores: 16, memory: 8 * GB }), 16);
  assertEquals(turnsAtOnce({ cores: 8, memory: null }), 64);
  assertEquals(turnsAtOnce({ cores: 1, memory: GB }), 4);
});
