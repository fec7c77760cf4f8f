import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type Lab, openLab, type RunOptions } from "../lab.ts";
import { runAsTyped } from "../live_turns/as_typed.ts";
import { commandLine } from "../terminal.ts";
import { type ImageFormat, imageOf, imageUrl } from "./images.ts";

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

  // Emoji: the cap counts characters, not bytes or UTF-16 units.
  const longest = "🚀".repeat(1000) + "x".repeat(1_047_576);

  Deno.test(`E3 a prompt of exactly 1,048,576 characters is accepted by file (${engine})`, async () => {
    await using lab = await openLab();
    const path = join(lab.home.home, "long.md");
    Deno.writeTextFileSync(path, longest);
    const flags = ["--engine", engine, "--prompt-file", path];
    await assertArrives(lab, longest, flags);
  });

  Deno.test(`E5 --prompt-file - takes the longest prompt from stdin (Row E7) (${engine})`, async () => {
    await using lab = await openLab();
    const flags = ["--engine", engine, "--prompt-file", "-"];
    await assertArrives(lab, longest, flags, { stdin: longest });
  });
}

/** How `codex exec` marks its stdin, and --with a file. */
const block = (tag: string, text: string, attributes = ""): string =>
  `<${tag}${attributes}>\n${text}\n</${tag}>`;

Deno.test("newcomer A4: --with adds files and stdin in marked blocks, and prompt.txt holds them", async () => {
  await using lab = await openLab();
  const path = join(lab.home.home, 'a "b".txt');
  const text = "one\r\n\ttwo 🚀 </file> </stdin>";
  Deno.writeTextFileSync(path, text);
  Deno.writeTextFileSync(join(lab.repo, "log.txt"), "ends\n");
  const whole = [
    "Why?",
    block("file-2", text, ` path=${JSON.stringify(path)}`),
    block("stdin", "piped"),
    block("file", "ends", ' path="log.txt"'),
  ].join("\n\n");
  const flags = ["--with", path, "--with", "-", "--with", "log.txt"];
  await assertArrives(lab, whole, [...flags, "Why?"], { stdin: "piped" });
  const thread = lab.result(lab.turnIds()[0]!).thread_id;
  for (const verb of ["continue", "fork"]) {
    const { stdout } = await lab.chat(
      [verb, "--thread", thread, "--with", "-", "More?"],
      { stdin: "piped" },
    );
    const { turn_id } = JSON.parse(stdout);
    const bytes = Deno.readTextFileSync(lab.turn(turn_id).prompt);
    assertEquals(bytes, `More?\n\n${block("stdin", "piped")}`);
    await lab.chat(["wait", turn_id]);
  }
});

Deno.test("newcomer A4: the block for stdin is the one that codex exec makes", async () => {
  await using lab = await openLab();
  for (const stdin of ["no newline", "a newline\n"]) {
    const child = new Deno.Command(lab.codex, {
      args: ["exec", "Why?"],
      cwd: lab.repo,
      clearEnv: true,
      env: lab.env,
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(stdin));
    await writer.close();
    await child.status;
    const whole = lab.server.turns().at(-1)!.prompt;
    await assertArrives(lab, whole, ["Why?", "--with", "-"], { stdin });
  }
});

Deno.test("newcomer A4: a stdin that nobody asked for is told and left alone; /dev/null and sockets are not told", async () => {
  await using lab = await openLab();
  const told =
    /note: stdin is a (pipe|file) and was not read; --with - adds it/;
  const command = commandLine(lab, ["new", "hello"]);
  const cases: [script: string, says: RegExp][] = [
    [`echo not this | ${command}`, told],
    [`${command} <README.md`, told],
    // What comes next in a loop is still there.
    [`printf '1\\n2\\n' | while read -r line; do ${command}; done`, told],
    [`${command} </dev/null`, /^$/],
    [`CODEX_SERVER_STDIN=pipe ${command} </dev/null`, /^$/],
    [`${command} <&-`, /^$/],
  ];
  for (const [script, says] of cases) {
    const turns = lab.turnIds().length;
    const { code, stderr } = await runAsTyped(lab, script);
    assertEquals(code, 0, stderr);
    assertMatch(stderr, says, script);
    const more = lab.turnIds().length - turns;
    assertEquals(more, script.includes("while") ? 2 : 1, script);
  }
  await lab.server.waitFor((server) => server.turns().length === 7);
  assertEquals(
    new Set(lab.server.turns().map(({ prompt }) => prompt)),
    new Set(["hello"]),
  );
  const asked = await lab.chat(["new", "-"], { stdin: "this" });
  assertEquals(asked.stderr, "");
});

Deno.test("newcomer A2: a file that is mentioned is named in the prompt", async () => {
  await using lab = await openLab();
  const outside = join(lab.home.home, "notes.txt");
  Deno.writeTextFileSync(outside, "notes");
  const flags = [
    ...["--mention", "readme=README.md", "--mention", `notes=${outside}`],
    ...["--mention", "calendar=app://calendar"],
  ];
  await assertArrives(
    lab,
    `Is it right?\n\nreadme: @README.md\nnotes: @${outside}`,
    [...flags, "Is it right?"],
  );
  const [turnId] = lab.turnIds();
  const meta = JSON.parse(Deno.readTextFileSync(lab.turn(turnId!).meta));
  assertEquals(meta.mentions, [{ name: "calendar", path: "app://calendar" }]);
});

Deno.test("newcomer A1: images of every format and data: URLs reach the model", async () => {
  await using lab = await openLab();
  const formats: ImageFormat[] = ["png", "jpeg", "gif", "webp"];
  const images = formats.flatMap((format) => {
    const path = join(lab.home.home, `an image.${format}`);
    Deno.writeFileSync(path, imageOf(format));
    return ["--image", path, "--image", imageUrl(format)];
  });
  await lab.run("hello", ...images);
  assertEquals(lab.server.turns().map(({ images }) => images), [8]);
});
