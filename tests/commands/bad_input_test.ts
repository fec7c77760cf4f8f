import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type Lab, openLab, type RunOptions } from "../lab.ts";
import { imageOf } from "./images.ts";
import { assertRefused, type Refusal } from "./refusal.ts";

const usage = (says: RegExp): Refusal => ({ exit: 2, code: "usage", says });

const schema = (says: RegExp): Refusal => ({
  exit: 5,
  code: "bad_schema",
  says,
});

/** `new` with these flags and a prompt. */
const withFlags = (
  ...flags: string[]
): string[] => ["new", ...flags, "--", "hi"];

/** A command line that must be refused, and how. */
type Case = [
  name: string,
  args: string[],
  Refusal,
  run?: RunOptions | undefined,
];

/** Registers a test for one fault: each of its command lines is refused. */
function refuses(name: string, casesIn: (lab: Lab) => Case[]): void {
  Deno.test(name, async (t) => {
    await using lab = await openLab();
    for (const [step, args, refusal, run] of casesIn(lab)) {
      await t.step(step, () => assertRefused(lab, args, refusal, run));
    }
    assertEquals(lab.turnIds(), []);
  });
}

/** Writes a file into the home; its path. */
function file(lab: Lab, name: string, content: string | Uint8Array): string {
  const path = join(lab.home.home, name);
  if (typeof content === "string") Deno.writeTextFileSync(path, content);
  else Deno.writeFileSync(path, content);
  return path;
}

/** `new` with a prompt file of this content. */
const promptFile = (lab: Lab, content: string | Uint8Array): string[] => [
  ...["new", "--prompt-file", file(lab, crypto.randomUUID(), content)],
];

/** A prompt in a file and on stdin: both are refused with these words. */
const everyWay = (
  lab: Lab,
  name: string,
  prompt: string | Uint8Array,
  says: RegExp,
): Case[] => [
  [`${name} in a file`, promptFile(lab, prompt), usage(says)],
  [`${name} on stdin`, ["new", "-"], usage(says), { stdin: prompt }],
];

refuses("E1 an empty or blank prompt is refused", (lab) => [
  ["empty", ["new", ""], usage(/empty/)],
  ["blank", ["new", " \n\t"], usage(/empty/)],
  ["blanks of Unicode", ["new", "\u00a0\u2003\u2028\ufeff"], usage(/empty/)],
  ["none", ["new"], usage(/no prompt/)],
  ...everyWay(lab, "empty", "", /empty/),
  ["a blank file", promptFile(lab, "\n \n"), usage(/empty/)],
]);

refuses("E2 a prompt over codex's cap is refused with the cap", (lab) => [
  ...everyWay(lab, "x", "x".repeat(1_048_577), /1048577 characters.*1048576/),
  [
    "in emoji",
    promptFile(lab, "🚀".repeat(1_048_577)),
    usage(/1048577 characters.*1048576/),
  ],
]);

refuses("E7 a prompt with NUL is refused", (lab) => [
  ...everyWay(lab, "among others", "a\0b", /NUL/),
  ["alone", ["new", "-"], usage(/NUL/), { stdin: "\0" }],
]);

refuses("E8 a prompt that is not UTF-8 is refused", (lab) => {
  const bad: [string, number[]][] = [
    ["a byte of no encoding", [0x61, 0xff, 0xfe]],
    ["Latin-1", [0x63, 0x61, 0x66, 0xe9]],
    ["a character cut in two", [0x61, 0xf0, 0x9f, 0x9a]],
    ["an overlong slash", [0xc0, 0xaf]],
  ];
  return bad.flatMap(([name, bytes]) =>
    everyWay(lab, name, Uint8Array.from(bytes), /UTF-8/)
  );
});

refuses(
  "E9 a lone surrogate is refused, in a prompt and in a schema",
  (lab) => {
    const value = '{"type":"object","description":"\\ud800 alone"}';
    const key = '{"type":"object","properties":{"\\udfff":{}}}';
    const inSchema = [value, key].map((text, index): Case => [
      text,
      withFlags("--schema", file(lab, `${index}.json`, text)),
      schema(/surrogate/),
    ]);
    const bytes = Uint8Array.of(0xed, 0xa0, 0x80);
    return [...inSchema, ...everyWay(lab, "in UTF-8", bytes, /UTF-8/)];
  },
);

refuses(
  "two prompts, and a prompt file that is not there or no file, are refused",
  (lab) => {
    const from = (path: string) => ["new", "--prompt-file", path];
    return [
      ["two arguments", ["new", "one", "two"], usage(/one prompt/)],
      [
        "an argument and a file",
        [...promptFile(lab, "a"), "b"],
        usage(/Two prompts/),
      ],
      ["an argument and stdin", [...from("-"), "b"], usage(/Two/)],
      [
        "a missing file",
        from("/nowhere/p.txt"),
        usage(/\/nowhere\/p\.txt does not exist/),
      ],
      [
        "a path through a file",
        from(join(file(lab, "f", "f"), "p.txt")),
        usage(/p\.txt/),
      ],
      ["a directory", from(lab.repo), usage(/not a regular file/)],
      ["a FIFO", from(fifo(lab)), usage(/not a regular file/)],
    ];
  },
);

/** A FIFO that nobody writes to: whoever opens it waits for ever. */
function fifo(lab: Lab): string {
  const path = join(lab.home.home, `fifo-${crypto.randomUUID()}`);
  new Deno.Command("mkfifo", { args: [path] }).outputSync();
  return path;
}

refuses(
  "E14 a schema or image that is missing, a directory or a FIFO is refused",
  (lab) => {
    const image = file(lab, "image.png", imageOf("png"));
    const cases: [flags: string[], says: RegExp][] = [
      [["--image", "/nowhere.png"], /nowhere\.png does not/],
      [["--image", lab.repo], /not a regular file/],
      [["--image", fifo(lab)], /not a regular file/],
      [["--image", "/dev/zero"], /zero is not a regular file/],
      [["--image", image, "--image", "no.png"], /no\.png does not exist/],
      [["--schema", "/no.json"], /\/no\.json does not/],
      [["--schema", fifo(lab)], /regular file/],
      [["--schema", lab.repo], /regular file/],
    ];
    return cases.map(([flags, says]) => [
      flags.join(" "),
      withFlags(...flags),
      usage(says),
    ]);
  },
);

refuses(
  "E21 bug 9, newcomer A1: an image that the model would not see is refused",
  (lab) => {
    const files: [string, string | Uint8Array, RegExp][] = [
      ["fake.png", "<!doctype html>", /fake\.png is a web page/],
      ["a.txt", "words", /a\.txt is not an image/],
      ["none.png", "", /none\.png is empty/],
      ["a.svg", "<svg xmlns='x'/>", /an SVG.* — convert/],
      ["a.heic", "\0\0\0\x18ftypheic" + "\0".repeat(40), /a HEIC.* — convert/],
      ["a.bmp", "BM" + "\0".repeat(60), /a BMP.* — convert/],
      ["a.tiff", "II*\0" + "\0".repeat(60), /a TIFF.* — convert/],
      ["a.pdf", "%PDF-1.7", /a PDF.* — convert/],
    ];
    for (const format of ["png", "jpeg", "gif", "webp"] as const) {
      const [name, whole] = [`half.${format}`, imageOf(format)];
      const says = new RegExp(`${name} is a \\w+ that is cut off`, "i");
      files.push([name, whole.slice(0, -whole.length / 2), says]);
    }
    const words: [string, RegExp][] = [
      [
        "https://example.com/shot.png",
        /shot\.png is a URL.* — save it to a file/,
      ],
      ["FTP://x/y.png", /is a URL/],
      ["file:///x.png", /give its path/],
      ["data:image/png;base64,AAAA", /data:image.* is not an image/],
      ["data:image/svg+xml,<svg/>", /base64/],
    ];
    const cases = [
      ...files.map(([name, content, says]) =>
        [file(lab, name, content), says] as const
      ),
      ...words,
    ];
    return cases.map(([image, says]) => [
      image,
      withFlags("--image", image),
      usage(says),
    ]);
  },
);

refuses("newcomer A4: what --with cannot add is refused", (lab) => {
  const note = file(lab, "note.txt", "a note");
  const over = "x".repeat(1_048_570);
  const paths: [path: string, says: RegExp][] = [
    ["/no.txt", /\/no\.txt does not exist/],
    [lab.repo, /not a regular file/],
    [fifo(lab), /not a regular file/],
    [file(lab, "e.txt", ""), /e\.txt is empty/],
    [file(lab, "b.bin", "a\0b"), /b\.bin holds a NUL/],
    [file(lab, "l.txt", Uint8Array.of(0xe9)), /l\.txt is not valid UTF-8/],
    [file(lab, "o.txt", over), /\d characters, codex takes 1048576/],
    [file(lab, "f.txt", over.repeat(9)), /f\.txt has \d+ bytes/],
  ];
  const twice = usage(/asked for twice/);
  const stdin = ["--with", "-"];
  return [
    ...paths.map(([path, says]): Case => [
      path,
      withFlags("--with", path),
      usage(says),
    ]),
    ["no stdin", withFlags(...stdin), usage(/stdin was empty/), { stdin: "" }],
    ["stdin twice", ["new", "-", ...stdin], twice, { stdin: "x" }],
    [
      "stdin thrice",
      ["new", "--prompt-file", "-", "--with", note, ...stdin],
      twice,
      { stdin: "x" },
    ],
    [
      "without a prompt",
      ["new", "--with", note],
      usage(/no prompt.* - or --prompt-file -/),
    ],
    ["with a review", ["review", "--with", note], usage(/--with/)],
  ];
});

refuses("E15 a schema that is not JSON or not an object is refused", (lab) => {
  const cases: [string, string, RegExp][] = [
    ["no JSON", "no schema", /not JSON/],
    ["empty", "", /not JSON/],
    ["cut off", '{"type": "obj', /not JSON/],
    ["an array", "[1]", /not a JSON object/],
    ["null", "null", /not a JSON object/],
    ["a string", '"object"', /not a JSON object/],
    ["a type that is none", '{"type":"strin"}', /"strin" at \$,/],
    [
      "one within",
      '{"anyOf":[{"properties":{"a":{"type":["null","nul"]}}}]}',
      /"nul" at \$\.anyOf\[0\]\.properties\.a,/,
    ],
    [
      "too deep for codex",
      '{"a":'.repeat(130) + "1" + "}".repeat(130),
      /deeper/,
    ],
  ];
  return cases.map(([name, text, says], index) => [
    name,
    withFlags("--schema", file(lab, `${index}.json`, text)),
    { ...schema(says), says: new RegExp(`/${index}\\.json .*${says.source}`) },
  ]);
});

refuses("E16 a directory that is missing or a file is refused", (lab) => {
  const plain = join(lab.home.home, "plain");
  Deno.mkdirSync(plain);
  const outside = (says: RegExp) => ({
    exit: 2,
    code: "not_a_repository",
    says,
  });
  const cases: [flags: string[], Refusal, RunOptions?][] = [
    [["--cwd", "/nowhere"], usage(/\/nowhere does not exist/)],
    [["--cwd", file(lab, "file.txt", "a file")], usage(/not a directory/)],
    [["--cwd", fifo(lab)], usage(/not a directory/)],
    [["--cwd", ""], usage(/./)],
    [["--add-dir", "/nowhere"], usage(/nowhere does not exist/)],
    [[], outside(/git repository.*--skip-git-check/), { cwd: plain }],
    [["--cwd", plain], outside(/git repository/)],
  ];
  return cases.map(([flags, refusal, run]) => [
    flags.join(" ") || "here",
    withFlags(...flags),
    refusal,
    run,
  ]);
});

Deno.test("E20 flags that cannot be meant are refused, and named", async (t) => {
  await using lab = await openLab();
  const cases: [string[], RegExp][] = [
    [["--sandbox", "none"], /read-only, workspace-write, danger-full-access/],
    [["--engine", "warp"], /auto/],
    [["--write", "--sandbox", "read-only"], /contradicts/],
    [["--network", "--sandbox", "read-only"], /--network/],
    [["--follow", "--wait"], /exclude/],
    [["--config", "novalue"], /KEY=VALUE/],
    [["--config", "a b=c"], /KEY=VALUE/],
    [["--label", "../x"], /--label/],
    [["--label", ""], /--label/],
    [["--key", ""], /--key/],
    [["--model", ""], /--model/],
    [["--effort", 'high"'], /--effort/],
    [["--effort", "hgih"], /none, minimal, low, medium, high, xhigh/],
    [["--timeout", "-1"], /--timeout/],
    [["--max-time", "soon"], /a time such as 90s/],
    [["--max-time=1e3"], /a time such as 90s/],
    [["--max-time", "40y"], /a time such as 90s/],
    [["--idle-timeout", "99999999999999"], /the longest/],
    [["--timeout", "5"], /--wait or --follow/],
    [["--model", "a", "--model", "b"], /twice/],
    [["--model"], /needs a value/],
    [["--write=yes"], /takes no value/],
    [["--nonsense"], /--nonsense/],
    [["-x"], /-x/],
  ];
  for (const [flags, says] of cases) {
    await t.step(
      flags.join(" ") || "none",
      () => assertRefused(lab, ["new", "hi", ...flags], usage(says)),
    );
  }
});

refuses("newcomer A9: a flag that would do nothing is refused", (lab) => {
  const readOnly = ["--config", 'sandbox_mode="read-only"'];
  const user = ["--reviewer", "user"];
  const cases: [flags: string[], says: RegExp][] = [
    [["--network"], /--network has no effect.*--write/],
    [["--add-dir", lab.repo], /--add-dir has no effect.*--write/],
    [["--network", ...readOnly], /--network/],
    [user, /--reviewer has no effect.*--approvals ask/],
    [["--approval-timeout", "9"], /--approval-timeout has no effect/],
    [["--approvals", "never", ...user], /--reviewer/],
  ];
  return cases.map(([flags, says]) => [
    flags.join(" "),
    withFlags(...flags),
    usage(says),
  ]);
});

Deno.test("E20 an unknown verb and an unknown flag are refused by every verb", async (t) => {
  await using lab = await openLab();
  const { commands } = await lab.json("help", "--json");
  for (const { name } of commands as { name: string }[]) {
    const refusal = usage(/"--bogus"/);
    await t.step(name, () => assertRefused(lab, [name, "--bogus"], refusal));
  }
  for (const verb of ["frobnicate", "constructor", "__proto__", "New", ""]) {
    await t.step(
      `verb ${JSON.stringify(verb)}`,
      () => assertRefused(lab, [verb], usage(/Unknown command/)),
    );
  }
});
