/** scenarios.feature, rule "Setup makes it independent of the skill's folder". */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { copy } from "@std/fs/copy";
import { dirname, join } from "@std/path";
import { type Lab, openLab, type Ran, ranOf, ROOT } from "../../lab.ts";
import { newTurnId } from "../../../assets/lib/turns/turn_id.ts";

const EIGHT_DAYS_MS = 8 * 24 * 60 * 60 * 1000;
const SCRIPT = join(ROOT, "assets/lib/setup.ts");

/** Runs a program in the lab's home. */
async function run(
  lab: Lab,
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  return await ranOf(new Deno.Command(command, {
    args,
    cwd: lab.repo,
    clearEnv: true,
    env: { ...lab.env, ...env },
    stdin: "null",
  }).output());
}

/** A home in which setup has not run yet, codex on its PATH. */
async function openFreshLab(): Promise<Lab> {
  const lab = await openLab();
  await Deno.remove(join(lab.home.home, ".codex-server"), { recursive: true });
  lab.env.PATH = `${dirname(lab.codex)}:${lab.env.PATH}`;
  return lab;
}

const launcherOf = (lab: Lab): string =>
  join(lab.home.home, ".codex-server/bin/codex-server");

Deno.test({
  name: "After setup the launcher works with the skill gone",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using lab = await openFreshLab();
    const skill = join(lab.home.home, "skill");
    await Deno.mkdir(skill);
    for (const name of ["assets", "deno.json", "package.json"]) {
      await copy(join(ROOT, name), join(skill, name));
    }
    const setup = await run(lab, Deno.execPath(), [
      "run",
      "-q",
      "-A",
      join(skill, "assets/lib/setup.ts"),
    ]);
    assertEquals(setup.code, 0, setup.stderr);
    await Deno.remove(skill, { recursive: true });
    const turn = await run(lab, launcherOf(lab), ["new", "--wait", "hello"]);
    assertEquals(turn.code, 0, turn.stderr);
    assertStringIncludes(turn.stdout, "You said: hello");
  },
});

Deno.test({
  name: "Setup works under the documented permissions",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using lab = await openFreshLab();
    const { code, stdout, stderr } = await run(lab, Deno.execPath(), [
      "run",
      "--allow-read",
      "--allow-write",
      "--allow-env",
      "--allow-run=mise,codex,which",
      SCRIPT,
    ]);
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /^Pinned codex \d+\.\d+/);
    assert((await Deno.stat(launcherOf(lab))).isFile);
  },
});

Deno.test("Setup without codex says how to get it", async () => {
  await using lab = await openFreshLab();
  const { code, stderr } = await run(
    lab,
    Deno.execPath(),
    ["run", "-q", "-A", SCRIPT],
    { PATH: "/nowhere" },
  );
  assertEquals(code, 3);
  assertStringIncludes(stderr, "brew install codex");
  assertStringIncludes(stderr, "npm install -g @openai/codex");
});

Deno.test("Old turns are removed", async () => {
  await using lab = await openLab();
  const recent = await lab.run("hello");
  const old = newTurnId(Date.now() - EIGHT_DAYS_MS);
  await copy(lab.turn(recent).dir, lab.turn(old).dir);
  const { code, stdout } = await lab.chat(["gc"]);
  assertEquals([code, stdout], [0, "Removed 1 turn, 1 stay\n"]);
  assertEquals(lab.turnIds(), [recent]);
});
