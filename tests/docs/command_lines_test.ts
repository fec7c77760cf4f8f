/** Every command line that SKILL.md, the README and the references show is run as it stands. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { type Lab, openLab, ROOT, until } from "../lab.ts";
import { markersOf } from "../../assets/lib/turns/markers.ts";
import { commandLines } from "./command_lines.ts";
import { type Document, documents } from "./documents.ts";

/** Lines that do not end with 0: what they contain, and the exit code that their document gives them. */
const EXPECTED: [part: string, code: number][] = [];

for (const document of documents()) {
  const lines = commandLines(document.text);
  if (lines.length === 0) continue;
  Deno.test({
    name: `Every command line that ${document.path} shows runs`,
    ignore: Deno.build.os === "windows",
    fn: (t) => runAll(document, lines, t),
  });
}

Deno.test("SKILL.md and the README show command lines to run", () => {
  for (const { path, text } of documents().slice(0, 2)) {
    assert(commandLines(text).length >= 10, path);
  }
});

async function runAll(
  { path }: Document,
  lines: string[],
  t: Deno.TestContext,
): Promise<void> {
  await using lab = await openLab();
  const machine = await prepare(lab);
  for (const line of lines) {
    await t.step(line.split("\n")[0]!, async () => {
      const ran = await machine.run(line);
      const expected = EXPECTED.find(([part]) => line.includes(part))?.[1] ?? 0;
      assertEquals(
        ran.code,
        expected,
        `${path}: ${line}\n${ran.stdout}${ran.stderr}`,
      );
    });
  }
}

/** A home in which setup has run, with the files that the documents speak of. */
async function prepare(lab: Lab) {
  const { home } = lab.home;
  const file = (name: string) =>
    fromFileUrl(new URL(`fixtures/${name}`, import.meta.url));
  for (const name of ["schema.json", "prompt.md"]) {
    await Deno.copyFile(file(name), join(lab.repo, name));
  }
  for (const name of ["screenshot.png", "mockup.png"]) {
    await Deno.copyFile(file("pixel.png"), join(lab.repo, name));
  }
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
    const { code, stdout, stderr } = await new Deno.Command("bash", {
      args: ["-c", script],
      cwd: lab.repo,
      clearEnv: true,
      env,
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    await until(
      () => lab.turnIds().every((id) => isMarked(lab, id)),
      "the turns to end",
    );
    return { code, stdout: text(stdout), stderr: text(stderr) };
  };
  await bash('deno run -A "$CLAUDE_SKILL_DIR/assets/lib/setup.ts"');
  const turnId = JSON.parse((await bash("codex-server new hello")).stdout)
    .turn_id as string;
  const threadId = lab.result(turnId).thread_id as string;
  const placeholders: [string, string][] = [
    ["<turn>", turnId],
    ["<thread-id>", threadId],
    ["<codex-path>", lab.codex],
    ["<deno-path>", Deno.execPath()],
    // npx would fetch the very Deno that runs this.
    ["npx -y deno@2.9.6 ", "deno "],
    // A turn of the README's transcript.
    ["01a1fea3-95cf-766b-bb1a-3c096c5b6dc5", turnId],
  ];
  const run = (line: string) =>
    bash(
      placeholders.reduce(
        (text, [from, to]) => text.replaceAll(from, to),
        line,
      ),
    );
  return { run };
}

function isMarked(lab: Lab, turnId: string): boolean {
  const { done, error } = markersOf(lab.turn(turnId));
  return done || error;
}
