import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type Lab, openLab, type RunOptions } from "../lab.ts";
import { type ImageFormat, imageOf } from "./images.ts";
import { assertRefused, type Refusal } from "./refusal.ts";

const usage = (says: RegExp): Refusal => ({ exit: 2, code: "usage", says });

/** A command line that must be refused, and how. */
type Case = [name: string, args: string[], Refusal, run?: RunOptions];

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

refuses("E1 an empty or blank prompt is refused", (lab) => [
  ["empty", ["new", ""], usage(/empty/)],
  ["blank", ["new", " \n\t"], usage(/empty/)],
  ["blanks of Unicode", ["new", "\u00a0\u2003\u2028\ufeff"], usage(/empty/)],
  ["none", ["new"], usage(/no prompt/)],
  ["an empty stdin", ["new", "-"], usage(/empty/), { stdin: "" }],
  [
    "an empty file",
    ["new", "--prompt-file", file(lab, "e", "")],
    usage(/empty/),
  ],
  [
    "a blank file",
    ["new", "--prompt-file", file(lab, "blank", "\n \n")],
    usage(/empty/),
  ],
]);

refuses("E2 a prompt over codex's cap is refused with the cap", (lab) => {
  const over = "x".repeat(1_048_577);
  return [
    [
      "in a file",
      ["new", "--prompt-file", file(lab, "o", over)],
      usage(/1048577 characters.*1048576/),
    ],
    [
      "on stdin",
      ["new", "-"],
      usage(/1048577 characters.*1048576/),
      { stdin: over },
    ],
    [
      "in emoji",
      ["new", "--prompt-file", file(lab, "o2", "🚀".repeat(1_048_577))],
      usage(/1048577 characters.*1048576/),
    ],
  ];
});

refuses("E7 a prompt with NUL is refused", (lab) => [
  ["in a file", ["new", "--prompt-file", file(lab, "n", "a\0b")], usage(/NUL/)],
  ["on stdin", ["new", "-"], usage(/NUL/), { stdin: "a\0b" }],
  ["alone", ["new", "-"], usage(/NUL/), { stdin: "\0" }],
]);

refuses("E8 a prompt that is not UTF-8 is refused", (lab) => {
  const bad: [string, Uint8Array][] = [
    ["a byte of no encoding", Uint8Array.of(0x61, 0xff, 0xfe)],
    ["Latin-1", Uint8Array.of(0x63, 0x61, 0x66, 0xe9)],
    ["a character cut in two", Uint8Array.of(0x61, 0xf0, 0x9f, 0x9a)],
    ["an overlong slash", Uint8Array.of(0xc0, 0xaf)],
  ];
  return bad.flatMap(([name, bytes], index): Case[] => [
    [
      `${name} in a file`,
      ["new", "--prompt-file", file(lab, `u${index}`, bytes)],
      usage(/UTF-8/),
    ],
    [`${name} on stdin`, ["new", "-"], usage(/UTF-8/), { stdin: bytes }],
  ]);
});

refuses(
  "E9 a lone surrogate is refused, in a prompt and in a schema",
  (lab) => {
    const surrogate = Uint8Array.of(0xed, 0xa0, 0x80);
    const schema = (text: string): Refusal & { file: string } => ({
      exit: 5,
      code: "bad_schema",
      says: /surrogate/,
      file: file(lab, `${crypto.randomUUID()}.json`, text),
    });
    const value = schema('{"type":"object","description":"\\ud800 alone"}');
    const key = schema('{"type":"object","properties":{"\\udfff":{}}}');
    return [
      [
        "in UTF-8 in a file",
        ["new", "--prompt-file", file(lab, "s", surrogate)],
        usage(/UTF-8/),
      ],
      ["in UTF-8 on stdin", ["new", "-"], usage(/UTF-8/), { stdin: surrogate }],
      ["in a schema", ["new", "--schema", value.file, "hi"], value],
      ["in a schema's key", ["new", "--schema", key.file, "hi"], key],
    ];
  },
);

refuses(
  "two prompts, and a prompt file that is not there or no file, are refused",
  (lab) => [
    ["two arguments", ["new", "one", "two"], usage(/one prompt/)],
    [
      "an argument and a file",
      ["new", "--prompt-file", file(lab, "a", "a"), "b"],
      usage(/Two prompts/),
    ],
    ["an argument and stdin", ["new", "--prompt-file", "-", "b"], usage(/Two/)],
    [
      "a missing file",
      ["new", "--prompt-file", "/nowhere/p.txt"],
      usage(/\/nowhere\/p\.txt does not exist/),
    ],
    [
      "a path through a file",
      ["new", "--prompt-file", join(file(lab, "f", "f"), "p.txt")],
      usage(/p\.txt/),
    ],
    [
      "a directory for a file",
      ["new", "--prompt-file", lab.repo],
      usage(/not a regular file/),
    ],
    [
      "a FIFO for a file",
      ["new", "--prompt-file", fifo(lab)],
      usage(/not a regular file/),
    ],
  ],
);

/** A FIFO that nobody writes to: whoever opens it waits for ever. */
function fifo(lab: Lab): string {
  const path = join(lab.home.home, `fifo-${crypto.randomUUID()}`);
  new Deno.Command("mkfifo", { args: [path] }).outputSync();
  return path;
}

const schema = (says: RegExp): Refusal => ({
  exit: 5,
  code: "bad_schema",
  says,
});

/** `new` with these flags and a prompt. */
const withFlags = (
  ...flags: string[]
): string[] => ["new", ...flags, "--", "hi"];

refuses(
  "E14 a schema or image that is missing, a directory or a FIFO is refused",
  (lab) => {
    const image = file(lab, "image.png", imageOf("png"));
    const cases: [string, string[], Refusal][] = [
      [
        "missing image",
        ["--image", "/nowhere.png"],
        usage(/nowhere\.png does not/),
      ],
      [
        "image is a directory",
        ["--image", lab.repo],
        usage(/not a regular file/),
      ],
      ["image is a FIFO", ["--image", fifo(lab)], usage(/not a regular file/)],
      [
        "image is a device",
        ["--image", "/dev/zero"],
        usage(/zero is not a regular file/),
      ],
      [
        "second image missing",
        ["--image", image, "--image", "no.png"],
        usage(/no\.png does not exist/),
      ],
      [
        "missing schema",
        ["--schema", "/no.json"],
        usage(/\/no\.json does not/),
      ],
      ["schema is a FIFO", ["--schema", fifo(lab)], usage(/regular file/)],
      ["schema is a directory", ["--schema", lab.repo], usage(/regular file/)],
    ];
    return cases.map((
      [name, flags, refusal],
    ) => [name, withFlags(...flags), refusal]);
  },
);

refuses(
  "E21 bug 9, newcomer A1: an image that the model would not see is refused",
  (lab) => {
    const given = (name: string, content: string | Uint8Array): string[] =>
      withFlags("--image", file(lab, name, content));
    const half = (format: ImageFormat): Uint8Array =>
      imageOf(format).slice(0, -imageOf(format).length / 2);
    const shot = "https://example.com/shot.png";
    return [
      [
        "a web page",
        given("fake.png", "<!doctype html>"),
        usage(/fake\.png is a web page/),
      ],
      ["a text", given("a.txt", "words"), usage(/a\.txt is not an image/)],
      ["empty", given("none.png", ""), usage(/none\.png is empty/)],
      ...(["png", "jpeg", "gif", "webp"] as const).map((format): Case => [
        `a ${format} that is cut off`,
        given(`half.${format}`, half(format)),
        usage(new RegExp(`half\\.${format} is a \\w+ that is cut off`, "i")),
      ]),
      [
        "an SVG",
        given("a.svg", "<svg xmlns='x'/>"),
        usage(/an SVG.* — convert/),
      ],
      [
        "a HEIC",
        given("a.heic", "\0\0\0\x18ftypheic" + "\0".repeat(40)),
        usage(/a HEIC.* — convert/),
      ],
      [
        "a BMP",
        given("a.bmp", "BM" + "\0".repeat(60)),
        usage(/a BMP.* — convert/),
      ],
      [
        "a TIFF",
        given("a.tiff", "II*\0" + "\0".repeat(60)),
        usage(/a TIFF.* — convert/),
      ],
      ["a PDF", given("a.pdf", "%PDF-1.7"), usage(/a PDF.* — convert/)],
      [
        "a URL",
        withFlags("--image", shot),
        usage(/shot\.png is a URL.* — save it to a file/),
      ],
      ["another URL", withFlags("--image", "FTP://x/y.png"), usage(/is a URL/)],
      [
        "a file URL",
        withFlags("--image", "file:///x.png"),
        usage(/give its path/),
      ],
      [
        "data of no image",
        withFlags("--image", "data:image/png;base64,AAAA"),
        usage(/data:image.* is not an image/),
      ],
      [
        "data without base64",
        withFlags("--image", "data:image/svg+xml,<svg/>"),
        usage(/base64/),
      ],
    ];
  },
);

refuses("newcomer A4: what --with cannot add is refused", (lab) => {
  const note = file(lab, "note.txt", "a note");
  const over = "x".repeat(1_048_570);
  return [
    [
      "missing",
      withFlags("--with", "/no.txt"),
      usage(/\/no\.txt does not exist/),
    ],
    ["a directory", withFlags("--with", lab.repo), usage(/not a regular file/)],
    ["a FIFO", withFlags("--with", fifo(lab)), usage(/not a regular file/)],
    [
      "empty",
      withFlags("--with", file(lab, "e.txt", "")),
      usage(/e\.txt is empty/),
    ],
    [
      "binary",
      withFlags("--with", file(lab, "b.bin", "a\0b")),
      usage(/b\.bin holds a NUL/),
    ],
    [
      "not UTF-8",
      withFlags("--with", file(lab, "l.txt", Uint8Array.of(0xe9))),
      usage(/l\.txt is not valid UTF-8/),
    ],
    ["an empty stdin", withFlags("--with", "-"), usage(/stdin was empty/), {
      stdin: "",
    }],
    [
      "too much",
      withFlags("--with", file(lab, "o.txt", over)),
      usage(/\d characters, codex takes 1048576/),
    ],
    [
      "far too much",
      withFlags("--with", file(lab, "f.txt", over.repeat(9))),
      usage(/f\.txt has \d+ bytes/),
    ],
    ["stdin twice", ["new", "-", "--with", "-"], usage(/asked for twice/), {
      stdin: "x",
    }],
    [
      "stdin thrice",
      ["new", "--prompt-file", "-", "--with", note, "--with", "-"],
      usage(/asked for twice/),
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
  const text = file(lab, "file.txt", "a file");
  const plain = join(lab.home.home, "plain");
  Deno.mkdirSync(plain);
  const notARepository = { exit: 2, code: "not_a_repository" };
  return [
    [
      "missing",
      withFlags("--cwd", "/nowhere"),
      usage(/\/nowhere does not exist/),
    ],
    ["a file", withFlags("--cwd", text), usage(/not a directory/)],
    ["a FIFO", withFlags("--cwd", fifo(lab)), usage(/not a directory/)],
    ["empty", withFlags("--cwd", ""), usage(/./)],
    [
      "missing extra directory",
      withFlags("--add-dir", "/nowhere"),
      usage(/nowhere does not exist/),
    ],
    [
      "no git directory",
      withFlags(),
      { ...notARepository, says: /git repository.*--skip-git-check/ },
      { cwd: plain },
    ],
    ["no git directory by --cwd", withFlags("--cwd", plain), notARepository],
  ];
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
  const [network, addDir] = [["--network"], ["--add-dir", lab.repo]];
  const cases: [string, string[], RegExp][] = [
    ["--network alone", network, /--network has no effect.*--write/],
    ["--add-dir alone", addDir, /--add-dir has no effect.*--write/],
    ["--network, read-only by --config", [
      ...network,
      "--config",
      'sandbox_mode="read-only"',
    ], /--network/],
    [
      "--reviewer alone",
      ["--reviewer", "user"],
      /--reviewer has no effect.*--approvals ask/,
    ],
    [
      "--approval-timeout alone",
      ["--approval-timeout", "9"],
      /--approval-timeout has no effect/,
    ],
    ["--reviewer where nobody is asked", [
      "--approvals",
      "never",
      "--reviewer",
      "user",
    ], /--reviewer/],
  ];
  return cases.map(([name, flags, says]) => [
    name,
    withFlags(...flags),
    usage(says),
  ]);
});

Deno.test("E20 an unknown verb and an unknown flag are refused by every verb", async (t) => {
  await using lab = await openLab();
  const verbs = (await lab.json("help", "--json")).commands as {
    name: string;
  }[];
  for (const { name } of verbs) {
    await t.step(
      name,
      () => assertRefused(lab, [name, "--bogus"], usage(/"--bogus"/)),
    );
  }
  for (const verb of ["frobnicate", "constructor", "__proto__", "New", ""]) {
    await t.step(
      `verb ${JSON.stringify(verb)}`,
      () => assertRefused(lab, [verb], usage(/Unknown command/)),
    );
  }
});
