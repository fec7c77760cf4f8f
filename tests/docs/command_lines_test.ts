/** Every command line that SKILL.md, the README and the references show is run as it stands. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { type Lab, openLab, type Ran, ranOf, ROOT, until } from "../lab.ts";
import { markersOf } from "../../assets/lib/turns/markers.ts";
import { commandLines } from "./command_lines.ts";
import { documents } from "./documents.ts";

Deno.test({
  name: "Every command line that the documents show runs",
  ignore: Deno.build.os === "windows",
  fn: async (t) => {
    await using lab = await openLab();
    const machine = await prepare(lab);
    // One that several documents show runs once.
    const seen = new Set<string>();
    for (const { path, text } of documents()) {
      await t.step(path, async (t) => {
        for (const line of commandLines(text)) {
          if (seen.has(line)) continue;
          seen.add(line);
          await t.step(line.split("\n")[0]!, () => runs(machine, path, line));
        }
      });
    }
  },
});

Deno.test("SKILL.md and the README show command lines to run", () => {
  for (const { path, text } of documents().slice(0, 2)) {
    assert(commandLines(text).length >= 10, path);
  }
});

async function runs(
  machine: Machine,
  path: string,
  line: string,
): Promise<void> {
  const { code, stdout, stderr } = await machine.run(line);
  assertEquals(code, 0, `${path}: ${line}\n${stdout}${stderr}`);
}

/** A home with everything that the documents speak of. */
interface Machine {
  /** Runs a line as it stands, and waits until no turn runs. */
  run(line: string): Promise<Ran>;
}

/** A home in which setup has run, with the files that the documents speak of. */
async function prepare(lab: Lab): Promise<Machine> {
  const { home } = lab.home;
  const file = (name: string) =>
    fromFileUrl(new URL(`fixtures/${name}`, import.meta.url));
  for (const name of ["schema.json", "prompt.md"]) {
    await Deno.copyFile(file(name), join(lab.repo, name));
  }
  for (const name of ["screenshot.png", "mockup.png"]) {
    await Deno.copyFile(file("pixel.png"), join(lab.repo, name));
  }
  await Deno.mkdir(join(lab.repo, ".codex/skills/tidy"), { recursive: true });
  await Deno.copyFile(
    file("SKILL.md"),
    join(lab.repo, ".codex/skills/tidy/SKILL.md"),
  );
  await Deno.mkdir(join(home, "library"));
  await Deno.writeTextFile(join(lab.repo, "README.md"), "# changed\n");
  await Deno.mkdir(join(home, ".claude/skills"), { recursive: true });
  await Deno.symlink(ROOT, join(home, ".claude/skills/codex-server"));
  await Deno.mkdir(join(home, "bin"));
  await Deno.symlink(Deno.execPath(), join(home, "bin/deno"));
  const env = {
    ...lab.env,
    PATH: `${home}/.codex-server/bin:${home}/bin:${lab.env.PATH}`,
    CLAUDE_SKILL_DIR: ROOT,
  };
  const bash = async (script: string) => {
    return await ranOf(new Deno.Command("bash", {
      args: ["-c", script],
      cwd: lab.repo,
      clearEnv: true,
      env,
      stdin: "null",
    }).output());
  };
  await bash('deno run -A "$CLAUDE_SKILL_DIR/assets/lib/setup.ts"');
  const turnId = await lab.run("hello");
  const threadId = lab.result(turnId).thread_id as string;
  const placeholders = (turn: string): [string, string][] => [
    ["<turn>", turn],
    ["<thread-id>", threadId],
    ["<codex-path>", lab.codex],
    ["<deno-path>", Deno.execPath()],
    // npx would fetch the very Deno that runs this.
    ["npx -y deno@2.9.6 ", "deno "],
  ];
  const run = async (line: string) => {
    const turn = await turnFor(lab, line) ?? turnId;
    const ran = await bash(
      placeholders(turn).reduce(
        (text, [from, to]) => text.replaceAll(from, to),
        line,
      ),
    );
    await until(
      () => lab.turnIds().every((id) => isMarked(lab, id)),
      "the turns to end",
    );
    return ran;
  };
  return { run };
}

/** Some verbs talk to a turn that runs, or to one that asks: starts such a turn; null where any does. */
async function turnFor(lab: Lab, line: string): Promise<string | null> {
  const [, verb] =
    line.match(/codex-server (steer|approve|decline|answer) <turn>/) ?? [];
  switch (verb) {
    case "steer": {
      const turn = await lab.start("play text words=99 over=20000");
      await until(
        () => Deno.readTextFileSync(lab.turn(turn).out).includes("word-1"),
        "the first word",
      );
      return turn;
    }
    case "approve":
    case "decline":
      return await startAsking(lab, "play command cmd=touch%20x escalate=1");
    case "answer":
      return await startAsking(
        lab,
        "play ask",
        "--config",
        "features.default_mode_request_user_input=true",
      );
    default:
      return null;
  }
}

async function startAsking(
  lab: Lab,
  prompt: string,
  ...flags: string[]
): Promise<string> {
  const turn = await lab.start(prompt, "--approvals", "ask", ...flags);
  await until(
    async () => (await lab.json("status", turn)).pending !== undefined,
    "the turn to ask",
  );
  return turn;
}

function isMarked(lab: Lab, turnId: string): boolean {
  const { done, error } = markersOf(lab.turn(turnId));
  return done || error;
}
