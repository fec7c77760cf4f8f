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

const ENGINES = ["app-server", "sdk"];

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
  const { thread_id } = lab.result(turn_id);
  const received = lab.server.turns().filter(({ threadId }) =>
    threadId === thread_id
  );
  assertEquals(received.map((request) => request.prompt), [prompt]);
  const bytes = Deno.readFileSync(lab.turn(turn_id).prompt);
  assertEquals(bytes, new TextEncoder().encode(prompt));
}

/** That no shell took a prompt for a command. */
const assertNothingRan = (lab: Lab): void =>
  assertEquals(
    Array.from(Deno.readDirSync(lab.repo), ({ name }) => name).sort(),
    [".git", "README.md"],
  );

for (const engine of ENGINES) {
  Deno.test(`E10 the model receives the prompt byte for byte by argument, and prompt.txt holds it (Row A23) (${engine})`, async () => {
    await using lab = await openLab();
    const flags = ["--engine", engine, "--sandbox", "danger-full-access"];
    await Promise.all(
      Object.values(AWKWARD).map((prompt) =>
        assertArrives(lab, prompt, [...flags, "--", prompt])
      ),
    );
    assertNothingRan(lab);
  });

  Deno.test(`E10 the model receives the prompt byte for byte by file and by stdin (Row A23) (${engine})`, async () => {
    await using lab = await openLab();
    const flags = ["--engine", engine];
    const prompts = {
      "all at once": `--${Object.values(AWKWARD).join("\n")}\n`,
      "blanks around": AWKWARD["blanks around"]!,
      ...MARKED,
    };
    await Promise.all(
      Object.values(prompts).flatMap((prompt, index) => {
        const path = join(lab.home.home, `prompt-${index}.md`);
        Deno.writeTextFileSync(path, prompt);
        return [
          assertArrives(lab, prompt, [...flags, "--prompt-file", path]),
          assertArrives(lab, prompt, [...flags, "-"], { stdin: prompt }),
        ];
      }),
    );
    assertNothingRan(lab);
  });

  Deno.test(`E3 a prompt of exactly 1,048,576 characters is accepted by file and by stdin (${engine})`, async () => {
    await using lab = await openLab();
    const flags = ["--engine", engine];
    const path = join(lab.home.home, "long.md");
    // Emoji: the cap counts characters, not bytes or UTF-16 units.
    const prompt = "🚀".repeat(1000) + "x".repeat(1_047_576);
    Deno.writeTextFileSync(path, prompt);
    await assertArrives(lab, prompt, [...flags, "--prompt-file", path]);
    await assertArrives(lab, prompt, [...flags, "--prompt-file", "-"], {
      stdin: prompt,
    });
  });
}

Deno.test("E5 --prompt-file takes a file or - for stdin, so does - alone, and two prompts are a usage error (Row E7)", async () => {
  await using lab = await openLab();
  const path = join(lab.home.home, "prompt.md");
  Deno.writeTextFileSync(path, "from a file");
  await assertArrives(lab, "from a file", ["--prompt-file", path]);
  for (const asked of [["--prompt-file", "-"], ["-"]]) {
    await assertArrives(lab, "from stdin", asked, { stdin: "from stdin" });
  }
  const two = await lab.chat(["new", "--prompt-file", path, "and this"]);
  assertEquals(two.code, 2);
  assertEquals(lab.turnIds().length, 3);
});

Deno.test("stdin that nobody asked for is left alone", async () => {
  await using lab = await openLab();
  await assertArrives(lab, "hello", ["hello"], { stdin: "not this" });
});
