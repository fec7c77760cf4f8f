import { join } from "@std/path";
import { openLab } from "../lab.ts";
import { assertRefused, type Refusal } from "./refusal.ts";

const usage = (says: RegExp): Refusal => ({ exit: 2, code: "usage", says });

Deno.test("a prompt that codex cannot take is refused by argument, file and stdin", async (t) => {
  await using lab = await openLab();
  const file = (name: string, content: string | Uint8Array) => {
    const path = join(lab.home.home, name);
    if (typeof content === "string") Deno.writeTextFileSync(path, content);
    else Deno.writeFileSync(path, content);
    return path;
  };
  const over = "x".repeat(1_048_577);
  const cases: [name: string, args: string[], Refusal, stdin?: string][] = [
    ["empty", ["new", ""], usage(/empty/)],
    ["blank", ["new", " \n\t"], usage(/empty/)],
    ["none", ["new"], usage(/no prompt/)],
    ["two arguments", ["new", "one", "two"], usage(/one prompt/)],
    [
      "an argument and a file",
      ["new", "--prompt-file", file("a", "a"), "b"],
      usage(/Two prompts/),
    ],
    ["an argument and stdin", ["new", "--prompt-file", "-", "b"], usage(/Two/)],
    ["an empty stdin", ["new", "-"], usage(/empty/), ""],
    ["an empty file", ["new", "--prompt-file", file("e", "")], usage(/empty/)],
    [
      "a missing file",
      ["new", "--prompt-file", "/nowhere/p.txt"],
      usage(/\/nowhere\/p\.txt does not exist/),
    ],
    [
      "a path through a file",
      ["new", "--prompt-file", join(file("f", "f"), "p.txt")],
      usage(/p\.txt/),
    ],
    [
      "a directory for a file",
      ["new", "--prompt-file", lab.repo],
      usage(/not a regular file/),
    ],
    [
      "NUL in a file",
      ["new", "--prompt-file", file("n", "a\0b")],
      usage(/NUL/),
    ],
    ["NUL on stdin", ["new", "-"], usage(/NUL/), "a\0b"],
    [
      "invalid UTF-8",
      ["new", "--prompt-file", file("u", new Uint8Array([0x61, 0xff, 0xfe]))],
      usage(/UTF-8/),
    ],
    [
      "a lone surrogate in UTF-8",
      ["new", "--prompt-file", file("s", new Uint8Array([0xed, 0xa0, 0x80]))],
      usage(/UTF-8/),
    ],
    [
      "one over the cap in a file",
      ["new", "--prompt-file", file("o", over)],
      usage(/1048577 characters.*1048576/),
    ],
    ["one over the cap on stdin", ["new", "-"], usage(/1048577/), over],
    [
      "one over the cap, in emoji",
      ["new", "--prompt-file", file("o2", "🚀".repeat(1_048_577))],
      usage(/1048577/),
    ],
  ];
  for (const [name, args, refusal, stdin] of cases) {
    await t.step(
      name,
      () =>
        assertRefused(lab, args, refusal, stdin === undefined ? {} : { stdin }),
    );
  }
});

Deno.test("a directory, image or schema that is not there or not right is refused", async (t) => {
  await using lab = await openLab();
  const { home } = lab.home;
  const plain = join(home, "plain");
  Deno.mkdirSync(plain);
  const text = join(home, "file.txt");
  Deno.writeTextFileSync(text, "no schema");
  const array = join(home, "array.json");
  Deno.writeTextFileSync(array, "[1]");
  const fifo = join(home, "fifo");
  await new Deno.Command("mkfifo", { args: [fifo] }).output();
  const schema = (says: RegExp): Refusal => ({
    exit: 5,
    code: "bad_schema",
    says,
  });
  const cases: [name: string, flags: string[], Refusal, cwd?: string][] = [
    ["no git directory", [], {
      exit: 2,
      code: "not_a_repository",
      says: /git repository.*--skip-git-check/,
    }, plain],
    ["no git directory by --cwd", ["--cwd", plain], {
      exit: 2,
      code: "not_a_repository",
    }],
    ["missing cwd", ["--cwd", "/nowhere"], usage(/\/nowhere does not exist/)],
    ["cwd is a file", ["--cwd", text], usage(/not a directory/)],
    ["empty cwd", ["--cwd", ""], usage(/./)],
    ["missing image", ["--image", "/nowhere.png"], usage(/nowhere\.png/)],
    ["image is a directory", ["--image", plain], usage(/not a regular file/)],
    ["image is a FIFO", ["--image", fifo], usage(/not a regular file/)],
    [
      "second image missing",
      ["--image", text, "--image", "no.png"],
      usage(
        /no\.png/,
      ),
    ],
    ["missing extra directory", ["--add-dir", "/nowhere"], usage(/nowhere/)],
    ["missing schema", ["--schema", "/no.json"], schema(/\/no\.json/)],
    ["schema is no JSON", ["--schema", text], schema(/not JSON/)],
    ["schema is an array", ["--schema", array], schema(/not a JSON object/)],
    ["schema is a FIFO", ["--schema", fifo], schema(/regular file/)],
    ["schema is a directory", ["--schema", plain], schema(/regular file/)],
  ];
  for (const [name, flags, refusal, cwd] of cases) {
    await t.step(name, () =>
      assertRefused(
        lab,
        ["new", ...flags, "--", "hi"],
        refusal,
        cwd ? { cwd } : {},
      ));
  }
});

Deno.test("flags that cannot be meant are refused", async (t) => {
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
    [["--timeout", "-1"], /--timeout/],
    [["--timeout", "soon"], /non-negative number/],
    [["--timeout=1e3"], /non-negative number/],
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

Deno.test("an unknown verb and an unknown flag are refused by every verb", async (t) => {
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
