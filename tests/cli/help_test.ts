import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openLab } from "../lab.ts";
import { CODEX_VERSION } from "../loopback/codex_binary.ts";

Deno.test("--help of every verb names its flags and examples, without a login", async (t) => {
  await using lab = await openLab({ auth: "none" });
  const { commands } = await lab.json("help", "--json");
  for (const { name, summary, options, examples } of commands) {
    await t.step(name, async () => {
      const { code, stdout, stderr } = await lab.chat([name, "--help"]);
      assertEquals([code, stderr], [0, ""]);
      assert(stdout.startsWith(`codex-server ${name}`), stdout);
      assertStringIncludes(stdout, summary);
      for (const option of options) {
        assertStringIncludes(stdout, `--${option.name}`);
      }
      assert(examples.length > 0);
      for (const example of examples) assertStringIncludes(stdout, example);
      for (const line of stdout.split("\n")) {
        assert(line.length <= 100, `${name}: ${line}`);
      }
    });
  }
  await t.step("help lists every verb", async () => {
    const { stdout } = await lab.chat(["help"]);
    for (const { name } of commands) assertStringIncludes(stdout, `  ${name} `);
    assertEquals((await lab.chat(["--help"])).stdout, stdout);
    assertEquals((await lab.chat(["-h"])).stdout, stdout);
  });
  await t.step("help of one verb is its --help, -h too", async () => {
    const { stdout } = await lab.chat(["help", "new"]);
    assertEquals((await lab.chat(["new", "--help"])).stdout, stdout);
    assertEquals((await lab.chat(["new", "-h"])).stdout, stdout);
  });
  await t.step("no verb at all is a usage error", async () => {
    assertEquals((await lab.chat([])).code, 2);
  });
});

Deno.test("version tells the versions of the tool, codex and Deno", async () => {
  await using lab = await openLab({ auth: "none" });
  const version = await lab.json("version", "--json");
  assertEquals(version, {
    schema_version: 1,
    version: "1.0.0",
    codex_version: CODEX_VERSION,
    codex_path: lab.codex,
    deno_version: Deno.version.deno,
  });
  assertStringIncludes((await lab.chat(["--version"])).stdout, lab.codex);
});
