import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  LAUNCHER_PERMISSIONS,
  posixLauncher,
  windowsLauncher,
} from "../../assets/lib/setup/launcher.ts";
import {
  type Place,
  withCodex,
  withoutCodex,
  writeCodex,
  writeScript,
} from "./place.ts";

/** A Deno that shows its arguments, one a line, then its stdin, and ends with code 42. */
const SHOWING_DENO = `for arg; do printf '<%s>\\n' "$arg"; done\ncat\nexit 42`;
const AWKWARD = [
  "new",
  "two words",
  'it\'s "quoted" $HOME `x` \\',
  "",
  "two\nlines",
  "-*",
];

/** The pinned codex; its name holds what an awkward path may. */
const CODEX = "/opt/it's, $x/codex";

/** Writes a launcher for `deno` in `root`, as setup would. */
async function lay(place: Place, deno: string, root: string): Promise<string> {
  const path = join(place.home, "launcher");
  await Deno.mkdir(join(root, "libs/1"), { recursive: true });
  await Deno.symlink("libs/1", join(root, "lib"));
  await Deno.writeTextFile(path, posixLauncher({ deno, codex: CODEX, root }));
  await Deno.chmod(path, 0o700);
  return path;
}

withoutCodex.test("the launcher passes arguments, stdin and the exit code through, whatever the paths hold", async (place) => {
  const odd = join(place.home, `it's "odd" $x \`y\` \\ dir`);
  const deno = join(odd, "deno");
  await writeScript(deno, SHOWING_DENO);
  const root = join(odd, ".codex-server");
  const launcher = await lay(place, deno, root);
  const stdin = "line\nno end";
  const { code, stdout, stderr } = await place.run(launcher, AWKWARD, {
    stdin,
    cwd: "/",
  });
  assertEquals([code, stderr], [42, ""]);
  const args = [
    "run",
    "-q",
    "--no-prompt",
    ...LAUNCHER_PERMISSIONS,
    `--allow-run=${CODEX.replace(",", ",,")},${deno},${
      join(root, "libs/1/system/start_worker.sh")
    }`,
    join(root, "libs/1/chat.ts"),
    ...AWKWARD,
  ];
  assertEquals(stdout, args.map((arg) => `<${arg}>\n`).join("") + stdin);
});

withoutCodex.test("the launcher takes PATH's deno when the one that ran setup is gone", async (place) => {
  const gone = join(place.home, "_npx/1/deno");
  const launcher = await lay(place, gone, join(place.home, "root"));
  const without = await place.run(launcher, ["version"]);
  assertEquals([without.code, without.stdout], [3, ""]);
  assertEquals(without.stderr.split("\n").length, 2);
  assertStringIncludes(without.stderr, "npm install -g deno");
  assertStringIncludes(without.stderr, "https://deno.com");

  await writeScript(join(place.bin, "deno"), "echo PATH has one");
  const found = await place.run(launcher, ["version"]);
  assertEquals([found.code, found.stdout], [0, "PATH has one\n"]);

  // npm's deno is a script; what it starts is what starts the workers.
  const real = join(place.home, "real deno");
  await writeScript(real, SHOWING_DENO);
  await writeScript(
    join(place.bin, "deno"),
    `[ "$1" = eval ] && echo '${real}'`,
  );
  const behind = await place.run(launcher, ["version"], { stdin: "" });
  assertStringIncludes(behind.stdout, `,${real},`);
});

withoutCodex.test("the launcher says so when the library is gone", async (place) => {
  const root = join(place.home, "root");
  const launcher = await lay(place, join(place.bin, "sh"), root);
  await Deno.remove(join(root, "lib"));
  const { code, stderr } = await place.run(launcher, ["version"]);
  assertEquals(code, 7);
  assertStringIncludes(stderr, "run setup.ts");
});

withCodex.test("the launcher that setup writes runs, from any directory and without prompts", async (place) => {
  await place.setup();
  const { code, stdout, stderr } = await place.run(
    place.launcher,
    ["version"],
    {
      cwd: "/",
      // The library says itself how it is to be run, whatever lies above it.
      env: { JSR_URL: "http://127.0.0.1:9/" },
    },
  );
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, "1.2.3");
  const unknown = await place.run(place.launcher, ["no-such-verb"]);
  assertEquals(unknown.code, 2);
});

withCodex.test("nothing of the caller's environment is written into the launcher", async (place) => {
  await place.setup();
  const text = await Deno.readTextFile(
    join(place.root, "bin/codex-server"),
  );
  const { DENO_DIR, JSR_URL } = place.env;
  for (const value of [DENO_DIR, JSR_URL, "DENO_DIR", "JSR_URL"]) {
    assertEquals(value !== undefined && text.includes(value), false, value);
  }
});

Deno.test("the launcher for cmd.exe names Deno and the library in quotes", () => {
  const text = windowsLauncher({
    deno: "C:\\a b\\deno.exe",
    codex: "C:\\codex.exe",
    root: "C:\\Users\\u\\.codex-server",
  });
  assertStringIncludes(text, 'set "DENO=C:\\a b\\deno.exe"\r\n');
  assertStringIncludes(
    text,
    '"C:\\Users\\u\\.codex-server\\lib\\chat.ts" %*\r\n',
  );
});

withCodex.test("review S4: the launcher lets chat.ts run Deno, the pinned codex and the worker's first script alone; setup may run what it finds", async (place) => {
  await place.setup();
  const probe = join(place.root, "lib/chat.ts");
  await Deno.writeTextFile(
    probe,
    `const names = [Deno.execPath(), ${
      JSON.stringify(join(place.bin, "codex"))
    }, ${
      JSON.stringify(
        Deno.realPathSync(join(place.root, "lib")) +
          "/system/start_worker.sh",
      )
    }, "sh", "kill"];
    const state = (command) => Deno.permissions.querySync({ name: "run", command }).state;
    console.log([...names.map(state), Deno.permissions.querySync({ name: "run" }).state].join());`,
  );
  const { stdout } = await place.run(place.launcher, ["version"]);
  assertEquals(stdout, "granted,granted,granted,prompt,prompt,prompt\n");
  const other = join(place.home, "other/codex");
  await writeCodex(other, "4.5.6");
  const again = await place.run(place.launcher, ["setup", "--codex", other]);
  assertEquals(again.code, 0);
  assertStringIncludes(again.stdout, "Pinned codex 4.5.6");
});
