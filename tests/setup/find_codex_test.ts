import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { versionIn } from "../../assets/lib/setup/codex_version.ts";
import { programBehind } from "../../assets/lib/setup/program_behind.ts";
import { findCodex, nativePackage } from "../loopback/codex_binary.ts";
import {
  type Place,
  SEED_PERMISSIONS,
  withCodex,
  withoutCodex,
  writeCodex,
  writeScript,
} from "./place.ts";

/**
 * Lays npm's package out in `modules`, the platform's package below it or beside it; the
 * wrapper stands for npm's own, which needs node. Returns the wrapper and the native
 * program, which says that it is version 5.0.0.
 */
async function layNpmPackage(
  modules: string,
  { beside = false } = {},
): Promise<{ wrapper: string; native: string }> {
  const root = join(modules, "@openai/codex");
  const { name, program } = nativePackage();
  const platform = beside
    ? join(modules, "@openai", name)
    : join(root, "node_modules/@openai", name);
  const path = join(platform, program);
  const wrapper = join(root, "bin/codex.js");
  await writeCodex(path, "5.0.0");
  await writeScript(wrapper, `exec '${path}' "$@"`);
  return { wrapper, native: path };
}

withoutCodex.test("Row A20: setup pins path, version, size, time and digest of the real codex, natively", async (place) => {
  const native = await findCodex();
  const env = { PATH: `${Deno.env.get("PATH")}:${join(native, "..")}` };
  const { code, stderr } = await place.setup([], { env });
  assertEquals([code, stderr], [0, ""]);
  const config = place.config();
  assertEquals(config.codex_path, native);
  assertEquals(config.schema_version, 1);
  const said = await place.run(native, ["--version"]);
  assertEquals(`codex-cli ${config.codex_version}\n`, said.stdout);
  const info = await Deno.stat(native);
  assertEquals(config.codex_fingerprint, {
    size: info.size,
    mtime_ms: info.mtime!.getTime(),
    inode: info.ino,
  });
  const summed = await place.run("sha256sum", [native], {
    env: { PATH: Deno.env.get("PATH")! },
  });
  assertEquals(config.codex_sha256, summed.stdout.split(" ")[0]);
});

for (const beside of [false, true]) {
  for (const permissions of [["-A"], SEED_PERMISSIONS]) {
    withoutCodex.test(
      `Row D4: the native program ${
        beside ? "beside" : "below"
      } npm's wrapper is pinned under ${permissions.join(" ")}`,
      async (place) => {
        const modules = join(place.home, "npm/lib/node_modules");
        const laid = await layNpmPackage(modules, { beside });
        await Deno.symlink(laid.wrapper, join(place.bin, "codex"));
        const { code, stderr } = await place.setup([], { permissions });
        assertEquals([code, stderr.replace(/.*'mise'.*\n/, "")], [0, ""]);
        assertEquals(place.config().codex_path, laid.native);
        assertEquals(place.config().codex_version, "5.0.0");
      },
    );
  }
}

withoutCodex.test("Row D4: a script that names npm's wrapper leads to the native program", async (place) => {
  const laid = await layNpmPackage(join(place.home, "pnpm/5/node_modules"));
  const shim = join(place.bin, "codex");
  await writeScript(
    shim,
    'basedir=$(dirname "$0")\n' +
      'exec node "$basedir/../pnpm/5/node_modules/@openai/codex/bin/codex.js" "$@"',
  );
  assertEquals(programBehind(shim), { kind: "program", path: laid.native });
});

withoutCodex.test("a link into a place that an upgrade takes away is pinned as the link", async (place) => {
  const link = join(place.bin, "codex");
  const cask = join(place.home, "Caskroom/codex/5.0.0/codex-x64");
  await writeCodex(cask, "5.0.0");
  await Deno.symlink(cask, link);
  assertEquals(programBehind(link), { kind: "program", path: link });
  const own = join(place.home, "opt/codex");
  await writeCodex(own, "5.0.0");
  await Deno.remove(link);
  await Deno.symlink(own, link);
  assertEquals(programBehind(link), { kind: "program", path: own });
});

withCodex.test("Row D4: --codex PATH wins over PATH, relative paths included", async (place) => {
  const other = join(place.home, "other dir/codex");
  await writeCodex(other, "7.7.7");
  const { code } = await place.setup(["--codex", "other dir/codex"]);
  assertEquals(code, 0);
  assertEquals(place.config().codex_path, other);
  assertEquals(place.config().codex_version, "7.7.7");
});

const BROKEN: [
  name: string,
  make: (path: string) => Promise<void>,
  reason: RegExp,
][] = [
  ["missing", async () => {}, /does not exist/],
  ["a directory", (path) => Deno.mkdir(path), /is a directory/],
  ["not executable", async (path) => {
    await writeCodex(path, "1.0.0");
    await Deno.chmod(path, 0o644);
  }, /is not executable/],
  ["garbage", async (path) => {
    await Deno.writeFile(path, crypto.getRandomValues(new Uint8Array(4096)));
    await Deno.chmod(path, 0o755);
  }, /neither a program nor a script/],
  ["a truncated program", async (path) => {
    await Deno.writeFile(path, Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1));
    await Deno.chmod(path, 0o755);
  }, /cannot be started|ended with code/],
  [
    "another program",
    (path) => writeScript(path, "echo GNU bash 5.2"),
    /does not say a version/,
  ],
  [
    "failing",
    (path) => writeScript(path, "echo 'error: no GLIBC' >&2; exit 4"),
    /ended with code 4 \(error: no GLIBC\)/,
  ],
  ["writable by others", async (path) => {
    await writeCodex(path, "1.0.0");
    await Deno.chmod(path, 0o777);
  }, /can be written by others/],
];

for (const [name, make, reason] of BROKEN) {
  withCodex.test(`a codex that is ${name} ends with code 3 and the reason where --codex names it, on PATH it is passed over`, async (place) => {
    const first = join(place.home, "first");
    const path = join(first, "codex");
    await Deno.mkdir(first);
    await make(path);
    const named = await place.setup(["--codex", path]);
    assertEquals([named.code, named.stdout], [3, ""]);
    assertMatch(named.stderr, /^codex-server: .*\n$/);
    assertMatch(named.stderr, reason);
    assertStringIncludes(named.stderr, path);

    const env = { PATH: `${first}:${place.bin}` };
    const { code, stderr } = await place.setup([], { env });
    assertEquals(code, 0, stderr);
    assertEquals(place.config().codex_path, join(place.bin, "codex"));
    // What a shell would not see either is not worth a word.
    const silent = ["missing", "a directory"].includes(name);
    if (silent) assertEquals(stderr, "");
    else assertMatch(stderr, reason);
  });
}

withoutCodex.test("Row A32: without any codex setup names brew and npm and ends with code 3", async (place) => {
  for (const permissions of [["-A"], SEED_PERMISSIONS]) {
    const { code, stdout, stderr } = await place.setup([], { permissions });
    assertEquals([code, stdout], [3, ""]);
    assertStringIncludes(stderr, "brew install codex");
    assertStringIncludes(stderr, "npm install -g @openai/codex");
    const json = await place.setup(["--json"], { permissions });
    const { error } = JSON.parse(json.stderr.trimEnd().split("\n").at(-1)!);
    assertEquals([json.code, error.code], [3, "codex_missing"]);
    assertStringIncludes(error.hint, "brew install codex");
  }
});

withoutCodex.test("--install-codex says what it lacks where neither deno nor npm may be run", async (place) => {
  const run = { permissions: SEED_PERMISSIONS };
  const { code, stderr } = await place.setup(["--install-codex"], run);
  assertEquals(code, 3);
  assertStringIncludes(stderr, "neither deno nor npm may be run");
});

withoutCodex.test("review S7: npm is told to run no script of a package", async (place) => {
  await writeScript(
    join(place.bin, "npm"),
    'echo "npm $*" >> "$HOME/asked"; exit 1',
  );
  const permissions = [...SEED_PERMISSIONS.slice(0, -1), "--allow-run=npm"];
  const run = { permissions };
  assertEquals((await place.setup(["--install-codex"], run)).code, 3);
  assertStringIncludes(
    Deno.readTextFileSync(join(place.home, "asked")),
    "npm install --ignore-scripts",
  );
});

withCodex.test("--install-codex installs nothing where a codex works", async (place) => {
  assertEquals((await place.setup(["--install-codex"])).code, 0);
  assertEquals(place.config().codex_path, join(place.bin, "codex"));
  assertEquals(programBehind(join(place.root, "codex")).kind, "nothing");
});

/** Puts a version manager on PATH whose `which codex` answers `program`; empty: it knows none. */
async function addManager(
  place: Place,
  manager: "mise" | "asdf",
  program: string,
): Promise<string> {
  const path = join(place.bin, manager);
  await writeScript(
    path,
    `echo "${manager} $*" >> "$HOME/asked"
case $(basename "$0") in
  codex) exec '${program}' "$@" ;;
esac
case $1 in
  which) [ -n '${program}' ] && echo '${program}' ;;
  exec) while [ "$1" != codex ]; do shift; done; shift; exec '${program}' "$@" ;;
esac`,
  );
  return path;
}

for (const permissions of [["-A"], SEED_PERMISSIONS]) {
  const under = `under ${permissions.join(" ")}`;

  withoutCodex.test(`Row D4: a shim of mise is resolved to the program behind it ${under}`, async (place) => {
    const installed = join(place.home, ".local/share/mise/installs/node/22");
    const laid = await layNpmPackage(join(installed, "lib/node_modules"));
    const wrapper = join(installed, "bin/codex");
    await Deno.mkdir(join(installed, "bin"));
    await Deno.symlink(laid.wrapper, wrapper);
    const mise = await addManager(place, "mise", wrapper);
    const shims = join(place.home, ".local/share/mise/shims");
    await Deno.mkdir(shims);
    await Deno.symlink(mise, join(shims, "codex"));
    const env = { PATH: `${shims}:${place.bin}` };
    const { code, stderr } = await place.setup([], { permissions, env });
    assertEquals([code, stderr], [0, ""]);
    assertEquals(place.config().codex_path, laid.native);
  });

  withoutCodex.test(`Row D4: codex is not on PATH, but mise has it ${under}`, async (place) => {
    const native = join(place.home, "mise/installs/codex/6/codex");
    await writeCodex(native, "6.0.0");
    await addManager(place, "mise", native);
    const { code, stderr } = await place.setup([], { permissions });
    assertEquals([code, stderr], [0, ""]);
    assertEquals(place.config().codex_path, native);
    assertEquals(place.config().codex_version, "6.0.0");
  });
}

withoutCodex.test("Row D4: a shim of asdf is resolved to the program behind it", async (place) => {
  const native = join(place.home, ".asdf/installs/codex/6/bin/codex");
  await writeCodex(native, "6.0.0");
  const asdf = await addManager(place, "asdf", native);
  const shims = join(place.home, ".asdf/shims");
  await writeScript(
    join(shims, "codex"),
    `# asdf-plugin: codex 6\nexec ${asdf} exec "codex" "$@"`,
  );
  const env = { PATH: `${shims}:${place.bin}` };
  const { code, stderr } = await place.setup([], { env });
  assertEquals([code, stderr], [0, ""]);
  assertEquals(place.config().codex_path, native);

  // Where asdf may not be run, the shim is what PATH names.
  const seed = await place.setup([], { env, permissions: SEED_PERMISSIONS });
  assertEquals(seed.code, 0, seed.stderr);
  assertEquals(place.config().codex_path, join(shims, "codex"));
  assertStringIncludes(seed.stderr, "shim of asdf");
});

withoutCodex.test("a mise that knows no codex is no codex", async (place) => {
  await addManager(place, "mise", "");
  assertEquals((await place.setup()).code, 3);
  const asked = await Deno.readTextFile(join(place.home, "asked"));
  assertStringIncludes(asked, "mise which codex");
});

withoutCodex.test("a codex that was named once is found again when PATH has none", async (place) => {
  const path = join(place.home, "opt/codex");
  await writeCodex(path, "7.7.7");
  assertEquals((await place.setup(["--codex", path])).code, 0);
  assertEquals((await place.setup()).code, 0);
  assertEquals(place.config().codex_path, path);
  // It may not be run under these, but it has not changed since somebody ran it.
  const run = { permissions: SEED_PERMISSIONS };
  assertEquals((await place.setup([], run)).code, 0);
  await writeCodex(path, "7.7.8");
  const changed = await place.setup([], run);
  assertEquals(changed.code, 3);
  assertStringIncludes(
    changed.stderr,
    "may not be run with these permissions",
  );
});

Deno.test(
  "setup reads the version as codex prints it, and no other",
  () => {
    assertEquals(versionIn("codex-cli 0.169.0\n"), "0.169.0");
    assertEquals(versionIn("codex-cli 0.170.0-alpha.3\n"), "0.170.0-alpha.3");
    assertEquals(versionIn("WARNING: x\ncodex 1.0\n"), "1.0");
    assertEquals(versionIn("node v22.1.0\n"), null);
    assertEquals(versionIn(""), null);
  },
);
