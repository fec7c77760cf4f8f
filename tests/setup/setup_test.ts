import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { newTurnId } from "../../assets/lib/turns/turn_id.ts";
import {
  outerProgram,
  type Place,
  SEED_PERMISSIONS,
  SKILL,
  withCodex,
  withoutCodex,
  writeCodex,
  writeScript,
} from "./place.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Adds a turn that was made `days` ago and returns its directory. */
async function addTurn(place: Place, days: number): Promise<string> {
  const dir = join(place.root, "turns", newTurnId(Date.now() - days * DAY_MS));
  await Deno.mkdir(dir, { recursive: true });
  await Deno.writeTextFile(join(dir, "out.txt"), "");
  return dir;
}

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

withCodex.test("Row A18: setup does its work under exactly the permissions of the skill's first instructions", async (place) => {
  const { code, stdout } = await place.setup([], {
    permissions: SEED_PERMISSIONS,
  });
  assertEquals(code, 0);
  assertStringIncludes(stdout, "Pinned codex 1.2.3");
  assertEquals(place.config().codex_path, join(place.bin, "codex"));
  assertEquals((await place.run(place.launcher, ["version"])).code, 0);
});

const script = outerProgram("script");
if (script !== null && Deno.build.os === "linux") {
  withCodex.test("Row A18: on a terminal it prompts for nothing", async (place) => {
    const command = [
      Deno.execPath(),
      "run",
      ...SEED_PERMISSIONS,
      join(SKILL, "assets/lib/setup.ts"),
    ].map((word) => `'${word}'`).join(" ");
    const { code, stdout } = await place.run(script, [
      "-qec",
      command,
      "/dev/null",
    ], { env: { SHELL: "/bin/sh", TERM: "xterm" } });
    assertEquals(code, 0, stdout);
    assertEquals(/prompt|requests|Allow\?/i.test(stdout), false, stdout);
    assertStringIncludes(stdout, "Wrote the launcher");
  });
} else console.log("No `script`: A18 is not tried on a terminal");

withCodex.test("Row A21: setup makes turns/ and removes turns older than 7 days whose worker is gone", async (place) => {
  await place.setup();
  assertEquals(await exists(join(place.root, "turns")), true);

  // The oldest first: the ids of one process never go back in time.
  const held = await addTurn(place, 30);
  const old = await addTurn(place, 7.1);
  const young = await addTurn(place, 6.9);
  {
    using lock = await Deno.open(join(held, "lock"), {
      create: true,
      write: true,
    });
    await lock.lock(true);
    const { stdout } = await place.setup();
    assertStringIncludes(stdout, "Removed 1 turn older than 7 days");
  }
  assertEquals(
    await Promise.all([young, old, held].map(exists)),
    [true, false, true],
  );
  const report = JSON.parse((await place.setup(["--json"])).stdout);
  assertEquals(report.removed_turns, 1);
  assertEquals(await exists(held), false);
});

withCodex.test("setup tells what it did and what comes next, as text and as JSON", async (place) => {
  const { stdout } = await place.setup();
  assertStringIncludes(
    stdout,
    'Next: ~/.codex-server/bin/codex-server new "Say hello"\n',
  );
  assertEquals(stdout.includes("codex login"), false);
  // newcomer C5: how to call it by its name, and the rule to copy.
  assertStringIncludes(stdout, `\n  export PATH="$HOME/.codex-server/bin`);
  assertStringIncludes(
    stdout,
    '{ "permissions": { "allow": ["Bash(~/.codex-server/bin/codex-server:*)"] } }\n',
  );
  const onPath = { PATH: `${place.bin}:${join(place.root, "bin")}` };
  const { stdout: known } = await place.setup([], { env: onPath });
  assertEquals(known.includes("export PATH"), false);

  await Deno.remove(join(place.home, ".codex/auth.json"));
  const { stdout: without } = await place.setup();
  assertStringIncludes(without, "Next: codex login\nThen: ~/.codex-server/");

  const json = await place.setup(["--json"]);
  assertEquals([json.code, json.stderr], [0, ""]);
  const report = JSON.parse(json.stdout);
  assertEquals(report, {
    schema_version: 1,
    codex_path: join(place.bin, "codex"),
    codex_version: "1.2.3",
    launcher: join(place.root, "bin/codex-server"),
    lib: join(place.root, "lib"),
    library_version: report.library_version,
    installed: "unchanged",
    removed_turns: 0,
    max_concurrent: report.max_concurrent,
    deno: Deno.execPath(),
    next: ["codex login", '~/.codex-server/bin/codex-server new "Say hello"'],
    path_line: 'export PATH="$HOME/.codex-server/bin:$PATH"',
    permission_rule: "Bash(~/.codex-server/bin/codex-server:*)",
    warnings: [],
  });
});

withoutCodex.test("G5 review A17, S8: nothing that setup finds on PATH forges a line or reaches the terminal raw", async (place) => {
  const noisy = join(place.home, "noisy");
  await writeScript(
    join(noisy, "codex"),
    `printf '\\033]0;title\\007\\nerror: Pinned codex 6.6.6\\n' >&2; exit 1`,
  );
  const forging = join(place.home, "x\nPinned codex 9.9.9 at /evil\u001b[2J");
  await writeCodex(join(forging, "codex"), "1.2.3\u001b[31m");
  const env = { PATH: `${noisy}:${forging}:${place.bin}` };
  const lines: string[] = [];
  for (const args of [[], ["--json"]]) {
    const { code, stdout, stderr } = await place.setup(args, { env });
    assertEquals(code, 0, stderr);
    // deno-lint-ignore no-control-regex
    assertEquals(/[\u0000-\u0009\u000b-\u001f]/.test(stdout + stderr), false);
    if (args.length === 0) lines.push(...(stdout + stderr).split("\n"));
  }
  assertEquals(
    lines.filter((line) => line.startsWith("Pinned codex")).length,
    1,
  );
  const version = await place.run(
    join(place.root, "bin/codex-server"),
    ["version"],
  );
  assertEquals(version.stdout.split("\n").length, 4);
  assertEquals(version.stdout.includes("\u001b"), false);
});

withCodex.test("newcomer C5: version tells of a codex that is gone, or was never pinned, and ends with 3", async (place) => {
  await place.setup();
  const version = (...args: string[]) =>
    place.run(place.launcher, ["version", ...args]);
  assertEquals((await version()).code, 0);
  await Deno.rename(join(place.bin, "codex"), join(place.bin, "away"));
  const gone = await version();
  assertEquals(gone.code, 3);
  assertStringIncludes(gone.stdout, "codex 1.2.3 (");
  assertStringIncludes(gone.stderr, "codex is gone — run setup again");
  const json = await version("--json");
  assertEquals(JSON.parse(json.stderr).error.code, "codex_missing");
  assertEquals(JSON.parse(json.stdout).codex_version, "1.2.3");
  await Deno.remove(join(place.root, "config.json"));
  const never = await version();
  assertEquals(never.code, 3);
  assertStringIncludes(never.stdout, "codex not pinned yet");
});

withCodex.test("E20 a wrong command line ends with code 2 and changes nothing", async (place) => {
  for (const args of [["--nope"], ["--codex"], ["what"], ["--json=1"]]) {
    const { code, stdout, stderr } = await place.setup(args);
    assertEquals([code, stdout], [2, ""], stderr);
    assert(stderr.startsWith("codex-server: "), stderr);
  }
  const json = await place.setup(["--nope", "--json"]);
  assertEquals(JSON.parse(json.stderr).error.code, "usage");
  assertEquals(await exists(place.root), false);
});

withCodex.test("--help tells the flags and the exit codes", async (place) => {
  const { code, stdout } = await place.setup(["--help"]);
  assertEquals(code, 0);
  for (
    const word of ["--codex PATH", "--install-codex", "--json", "Exit codes"]
  ) {
    assertStringIncludes(stdout, word);
  }
  assertEquals(await exists(place.root), false);
});

withCodex.test("D13 of two setups at once the second waits, and both succeed", async (place) => {
  const all = await Promise.all([1, 2, 3].map(() => place.setup(["--json"])));
  assertEquals(all.map(({ code }) => code), [0, 0, 0]);
  const installed = all.map(({ stdout }) => JSON.parse(stdout).installed);
  assertEquals(installed.sort(), ["copied", "unchanged", "unchanged"]);
  assert(
    all.some(({ stderr }) => stderr.includes("Waiting for another setup")),
  );
});

for (const umask of ["000", "022", "777"]) {
  withCodex.test(`D8 under umask ${umask} directories are 0700, files 0600, programs 0700`, async (place) => {
    const { code, stderr } = await place.run("/bin/sh", [
      "-c",
      `umask ${umask}; exec "$0" "$@"`,
      Deno.execPath(),
      "run",
      "-q",
      "-A",
      join(SKILL, "assets/lib/setup.ts"),
    ]);
    assertEquals([code, stderr], [0, ""]);
    const wrong: string[] = [];
    const walk = (path: string) => {
      const { mode, isDirectory, isSymlink } = Deno.lstatSync(path);
      if (isSymlink) return;
      const isProgram = path.endsWith(".sh") ||
        path.endsWith("/bin/codex-server");
      const right = isDirectory || isProgram ? 0o700 : 0o600;
      if ((mode! & 0o777) !== right) {
        wrong.push(`${path} ${(mode! & 0o777).toString(8)}`);
      }
      if (!isDirectory) return;
      for (const { name } of Deno.readDirSync(path)) walk(join(path, name));
    };
    walk(place.root);
    assertEquals(wrong, []);
  });
}

withCodex.test("D7 a state root that others can write is refused, with the command that mends it", async (place) => {
  await Deno.mkdir(place.root);
  await Deno.chmod(place.root, 0o777);
  const { code, stderr } = await place.setup();
  assertEquals(code, 7);
  assertStringIncludes(stderr, `chmod 700 ${place.root}`);
  assertEquals(await exists(join(place.root, "config.json")), false);
});

withCodex.test("D4 a state root that cannot be made is told in one line", async (place) => {
  await Deno.writeTextFile(place.root, "in the way");
  const { code, stdout, stderr } = await place.setup(["--json"]);
  assertEquals([code, stdout], [7, ""]);
  const { error } = JSON.parse(stderr);
  assertStringIncludes(error.message, `${place.root} is not a directory`);
});
