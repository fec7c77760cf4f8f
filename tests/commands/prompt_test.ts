import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type Lab, openLab, type RunOptions } from "../lab.ts";

/** codex exec takes one byte order mark off its stdin. */
const MARKED = { "a byte order mark": "\uFEFFmarked" };

/** Prompts that a shell, a parser or a decoder would like to change. */
const AWKWARD: Record<string, string> = {
  "quotes": `He said "it's 'fine'" and \\"left\\"`,
  "a command substitution": "$(touch x) and `touch y` and ${HOME} and $PATH",
  "newlines": "one\ntwo\r\nthree\n\nfive",
  "a regular expression": String.raw`\d+ \\ C:\x \n \u0041 %s %%`,
  "emoji and combining marks": "🚀 👩‍👧 e\u0301 漢字 שלום \u202E",
  "a leading double dash": "--help --json -- -x",
  "a leading dash": "-",
  "a flag with a value": "--prompt-file=/etc/passwd",
  "a trailing newline": "trailing\n",
  "blanks around": "  \t leading and trailing \t \n\n",
  ...MARKED,
  "escapes and controls": "\u001b[31mred\u0007 \u0001\u007f\u0085",
  "globs and history": "* ? [a] {b,c} !! ~ # ; & | > <",
  "unassigned and astral characters": "\uFFFD\uFFFF\u{10FFFF}",
};

/** The prompt as the model received it, against the bytes that were given. */
async function assertArrives(
  lab: Lab,
  prompt: string,
  args: string[],
  options: RunOptions = {},
): Promise<void> {
  const { code, stdout, stderr } = await lab.chat(["new", ...args], options);
  assertEquals(code, 0, stderr);
  const { turn_id } = JSON.parse(stdout);
  assertEquals((await lab.chat(["wait", turn_id])).code, 0);
  assertEquals(lab.server.turns().at(-1)?.prompt, prompt);
  const bytes = Deno.readFileSync(lab.turn(turn_id).prompt);
  assertEquals(bytes, new TextEncoder().encode(prompt));
}

Deno.test("Row A23: the model receives the prompt byte for byte by argument, and prompt.txt holds it", async (t) => {
  await using lab = await openLab();
  for (const [name, prompt] of Object.entries(AWKWARD)) {
    await t.step(name, () => assertArrives(lab, prompt, ["--", prompt]));
  }
  assertEquals(
    Array.from(Deno.readDirSync(lab.repo), ({ name }) => name).sort(),
    [".git", "README.md"],
  );
});

Deno.test("Row A23: the model receives the prompt byte for byte by file and by stdin", async (t) => {
  await using lab = await openLab();
  const path = join(lab.home.home, "prompt.md");
  const prompts = {
    "all at once": `--${Object.values(AWKWARD).join("\n")}\n`,
    "blanks around": AWKWARD["blanks around"]!,
    ...MARKED,
  };
  for (const [name, prompt] of Object.entries(prompts)) {
    await t.step(name, async () => {
      Deno.writeTextFileSync(path, prompt);
      await assertArrives(lab, prompt, ["--prompt-file", path]);
      await assertArrives(lab, prompt, ["-"], { stdin: prompt });
    });
  }
});

Deno.test("a prompt of exactly 1,048,576 characters is accepted by file and by stdin", async () => {
  await using lab = await openLab();
  const path = join(lab.home.home, "long.md");
  // Emoji: the cap counts characters, not bytes or UTF-16 units.
  const prompt = "🚀" + "x".repeat(1_048_575);
  Deno.writeTextFileSync(path, prompt);
  await assertArrives(lab, prompt, ["--prompt-file", path]);
  await assertArrives(lab, prompt, ["--prompt-file", "-"], { stdin: prompt });
});

Deno.test("Row E7: --prompt-file takes a file or - for stdin, and two prompts are a usage error", async () => {
  await using lab = await openLab();
  const path = join(lab.home.home, "prompt.md");
  Deno.writeTextFileSync(path, "from a file");
  await assertArrives(lab, "from a file", ["--prompt-file", path]);
  await assertArrives(lab, "from stdin", ["--prompt-file", "-"], {
    stdin: "from stdin",
  });
  const two = await lab.chat(["new", "--prompt-file", path, "and this"]);
  assertEquals(two.code, 2);
  assertEquals(lab.turnIds().length, 2);
});

Deno.test("stdin that nobody asked for is left alone", async () => {
  await using lab = await openLab();
  await assertArrives(lab, "hello", ["hello"], { stdin: "not this" });
});
