import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { newTurnId } from "../../assets/lib/turns/turn_id.ts";
import { copySkill, type Place, SKILL, withCodex } from "./place.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Paths of all files below `dir`, sorted. */
function filesBelow(dir: string, below = ""): string[] {
  return Array.from(Deno.readDirSync(join(dir, below))).flatMap((entry) => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory ? filesBelow(dir, path) : [path];
  }).sort();
}

const lib = (place: Place) => join(place.root, "lib");

/** The skill's folder as a plugin in this place. */
const plugin = (place: Place) => copySkill(join(place.home, "plugin"));

/** What setup says that it did with the library. */
const installed = async (place: Place): Promise<string> =>
  JSON.parse((await place.setup(["--json"])).stdout).installed;

/** Makes the next setup from `skill` install another library. */
const change = (skill: string, text: string) =>
  Deno.writeTextFile(join(skill, "assets/lib/version.ts"), `\n// ${text}\n`, {
    append: true,
  });

withCodex.test("Row A19: setup copies the library, byte for byte, with its configuration beside it", async (place) => {
  const { stdout } = await place.setup();
  assertStringIncludes(stdout, "Copied the library");
  const source = join(SKILL, "assets/lib");
  const files = filesBelow(source);
  assertEquals(
    filesBelow(lib(place)),
    [...files, "deno.json", "package.json"].sort(),
  );
  for (const path of files) {
    assertEquals(
      await Deno.readTextFile(join(lib(place), path)),
      await Deno.readTextFile(join(source, path)),
      path,
    );
  }
  const denoJson = JSON.parse(
    await Deno.readTextFile(join(lib(place), "deno.json")),
  );
  const outer = JSON.parse(await Deno.readTextFile(join(SKILL, "deno.json")));
  const name = "@openai/codex-sdk";
  assertEquals(denoJson.lock, false);
  assertEquals(denoJson.nodeModulesDir, "none");
  assertEquals(denoJson.version, outer.version);
  assertEquals(denoJson.imports[name], outer.imports[name]);
  assertEquals(denoJson.imports["@std/assert"], undefined);
  assertStringIncludes(
    await Deno.readTextFile(join(lib(place), "package.json")),
    '"@openai/codex"',
  );
});

withCodex.test("Row A19, A22: the installed copy works with the skill's folder gone, setup included", async (place) => {
  const skill = await plugin(place);
  assertEquals((await place.setup([], { skill })).code, 0);
  await Deno.remove(skill, { recursive: true });
  const version = await place.run(place.launcher, ["version"]);
  assertEquals([version.code, version.stderr], [0, ""]);
  // The long form, by the stable path.
  const listed = await place.run(Deno.execPath(), [
    "run",
    "--no-prompt",
    "--allow-read",
    "--allow-write",
    "--allow-env=PATH,HOME,USERPROFILE",
    join(lib(place), "chat.ts"),
    "list-turns",
    "--json",
  ]);
  assertEquals(listed.code, 0, listed.stderr);
  const again = await place.run(Deno.execPath(), [
    "run",
    "-A",
    join(lib(place), "setup.ts"),
  ]);
  assertEquals([again.code, again.stderr], [0, ""]);
  assertStringIncludes(again.stdout, "this setup runs from it");
});

withCodex.test("what setup has cached is enough without a network", async (place) => {
  const env = { DENO_DIR: join(place.home, "deno") };
  assertEquals((await place.setup([], { env })).code, 0);
  const probe = join(lib(place), "probe.ts");
  const modules = filesBelow(lib(place)).filter((path) =>
    path.endsWith(".ts") && path.includes("/")
  );
  await Deno.writeTextFile(
    probe,
    [...modules.map((path) => `./${path}`), "@openai/codex-sdk"]
      .map((name) => `await import(${JSON.stringify(name)});`)
      .join("\n"),
  );
  const { code, stderr } = await place.run(Deno.execPath(), [
    "run",
    "-A",
    "--cached-only",
    probe,
  ], { env });
  assertEquals([code, stderr], [0, ""]);
  const packages = filesBelow(join(env.DENO_DIR, "npm"));
  assert(packages.length > 0);
  assertEquals(
    packages.filter((path) => path.includes("@openai/codex/")),
    [],
    "the SDK's own codex was fetched",
  );
});

withCodex.test("without a network and with an empty cache setup says so and leaves the old library", async (place) => {
  const skill = await plugin(place);
  await place.setup([], { skill });
  const before = await Deno.readLink(lib(place));
  await change(skill, "newer");
  const env = {
    DENO_DIR: join(place.home, "empty"),
    NPM_CONFIG_REGISTRY: "http://127.0.0.1:9/",
    npm_config_registry: "http://127.0.0.1:9/",
  };
  const { code, stderr } = await place.setup(["--json"], { skill, env });
  const { error } = JSON.parse(stderr.trimEnd().split("\n").at(-1)!);
  assertEquals([code, error.code], [7, "cache_incomplete"]);
  assertEquals(await Deno.readLink(lib(place)), before);
});

withCodex.test("a second setup changes nothing; a changed file is brought back", async (place) => {
  await place.setup();
  const before = await Deno.readLink(lib(place));
  assertEquals(await installed(place), "unchanged");
  assertEquals(await Deno.readLink(lib(place)), before);

  const chat = join(lib(place), "chat.ts");
  await Deno.writeTextFile(chat, "// mine", { append: true });
  assertEquals(await installed(place), "copied");
  assertEquals(
    await Deno.readTextFile(chat),
    await Deno.readTextFile(join(SKILL, "assets/lib/chat.ts")),
  );
});

withCodex.test("D15 lib is never missing while it is replaced, and the replaced files stay", async (place) => {
  const skill = await plugin(place);
  await place.setup([], { skill });
  const old = await Deno.realPath(lib(place));
  await change(skill, "newer");
  const text = await Deno.readTextFile(join(old, "chat.ts"));

  let ended = false;
  const setup = place.setup([], { skill }).finally(() => ended = true);
  let looks = 0;
  while (!ended) {
    for (let i = 0; i < 200; i++, looks++) {
      assertEquals(Deno.readTextFileSync(join(lib(place), "chat.ts")), text);
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  assertEquals((await setup).code, 0);
  assert(looks > 1000, `only ${looks} looks`);
  assert(await Deno.realPath(lib(place)) !== old);
  assertEquals(filesBelow(old), filesBelow(lib(place)));
});

withCodex.test("a directory that an older version left as lib is moved aside", async (place) => {
  await Deno.mkdir(lib(place), { recursive: true, mode: 0o700 });
  await Deno.chmod(place.root, 0o700);
  await Deno.writeTextFile(join(lib(place), "chat.ts"), "// old");
  const { code, stderr } = await place.setup();
  assertEquals([code, stderr], [0, ""]);
  assertEquals((await Deno.lstat(lib(place))).isSymlink, true);
});

withCodex.test("what a killed setup has left is cleared away", async (place) => {
  await place.setup();
  const before = filesBelow(place.root);
  await Deno.mkdir(join(place.root, "libs/.new-1/cli"), { recursive: true });
  await Deno.mkdir(join(place.root, "codex/.new-1"), { recursive: true });
  await Deno.symlink("libs/.new-1", join(place.root, ".lib-1"));
  await Deno.writeTextFile(join(place.root, "config.json.1.tmp"), "{");
  await Deno.writeTextFile(join(place.root, "bin/codex-server.1.tmp"), "");
  await place.setup();
  assertEquals(filesBelow(place.root), before);
  assertEquals(
    Array.from(Deno.readDirSync(join(place.root, "libs"))).length,
    1,
  );
});

withCodex.test("a replaced library goes after 8 days, unless a turn from before still runs", async (place) => {
  const skill = await plugin(place);
  await place.setup([], { skill });
  const old = await Deno.realPath(lib(place));
  const exists = () => Deno.stat(old).then(() => true, () => false);
  await change(skill, "newer");
  await place.setup([], { skill });
  assertEquals(await exists(), true, "it has just been replaced");

  const replaced = new Date(Date.now() - 9 * DAY_MS);
  await Deno.utime(old, replaced, replaced);
  const turn = join(
    place.root,
    "turns",
    newTurnId(replaced.getTime() - DAY_MS),
  );
  await Deno.mkdir(turn);
  {
    using lock = await Deno.open(join(turn, "lock"), {
      create: true,
      write: true,
    });
    await lock.lock(true);
    await place.setup([], { skill });
    assertEquals(await exists(), true, "a worker may still use it");
  }
  await place.setup([], { skill });
  assertEquals(await exists(), false);
});

withCodex.test("a skill without its deno.json is not installed, and setup says why", async (place) => {
  const skill = await plugin(place);
  await Deno.remove(join(skill, "deno.json"));
  const { code, stderr } = await place.setup([], { skill });
  assertEquals(code, 7);
  assertStringIncludes(stderr, join(skill, "deno.json"));
});
