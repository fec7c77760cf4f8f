/** The help as people read it: `help_snapshot.txt` has all of it. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { allOptions, type Command } from "../../assets/lib/cli/command.ts";
import { commandHelp, overview } from "../../assets/lib/cli/help.ts";
import { VERBS } from "../../assets/lib/cli/registry.ts";
import { openLab } from "../lab.ts";
import { CODEX_VERSION } from "../loopback/codex_binary.ts";
import { assertSnapshot } from "../snapshot.ts";

const commands: Command[] = await Promise.all(
  Object.values(VERBS).map(async (load) => (await load()).command),
);

Deno.test("newcomer C8: all help at a glance, no line over 80 columns", () => {
  const all = [overview(commands), ...commands.map(commandHelp)];
  for (const line of all.join("").split("\n")) {
    assert(line.length <= 80, `${line.length} columns: ${line}`);
  }
  assertSnapshot(
    "tests/cli/help_snapshot.txt",
    all.join(`${"─".repeat(80)}\n`),
  );
});

Deno.test("newcomer C8: wherever TURN stands the help says what it may be; continue, fork and review explain their own flags and name those of new", () => {
  for (const command of commands) {
    const help = commandHelp(command);
    if (/\bTURN\b/.test(command.usage)) {
      assertStringIncludes(help, "TURN is", command.name);
    }
    if (!command.shared) continue;
    assertStringIncludes(help, "explained by codex-server new --help");
    for (const { name } of allOptions(command)) {
      assertStringIncludes(help, `--${name}`);
    }
    assert(help.split("\n").length < 40, command.name);
  }
});

Deno.test("help needs no login and is there however one asks for it", async () => {
  await using lab = await openLab({ auth: "none" });
  const printed = async (...args: string[]) => {
    const { code, stdout, stderr } = await lab.chat(args);
    assertEquals([code, stderr], [0, ""], args.join(" "));
    return stdout;
  };
  for (const args of [["help"], ["--help"], ["-h"], []]) {
    assertEquals(await printed(...args), overview(commands));
  }
  const { command } = await VERBS.new!();
  for (const line of ["help new", "new --help", "new -h", "--help new"]) {
    assertEquals(await printed(...line.split(" ")), commandHelp(command));
  }
  const { schema_version, commands: described } = JSON.parse(
    await printed("help", "--json"),
  );
  assertEquals(schema_version, 1);
  const names = described.map(({ name }: Command) => name);
  assertEquals(names, Object.keys(VERBS));
  const told = described.find(({ name }: Command) => name === "new");
  assertEquals(
    [told.group, told.details, told.options],
    ["start", command.details, JSON.parse(JSON.stringify(allOptions(command)))],
  );
  assertEquals(
    JSON.parse(await printed("help", "new", "--json")),
    { schema_version: 1, ...told },
  );
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
  for (const asked of ["--version", "-V", "-v"]) {
    assertStringIncludes((await lab.chat([asked])).stdout, lab.codex);
  }
});
