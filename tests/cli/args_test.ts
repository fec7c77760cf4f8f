import { assertEquals, assertThrows } from "@std/assert";
import { type OptionSpec, parseArguments } from "../../assets/lib/cli/args.ts";
import { CliError } from "../../assets/lib/cli/errors.ts";

const SPECS: OptionSpec[] = [
  { name: "json", type: "boolean", help: "" },
  { name: "help", type: "boolean", help: "" },
  { name: "model", type: "string", value: "MODEL", help: "" },
  { name: "limit", type: "number", value: "N", help: "" },
  { name: "image", type: "list", value: "FILE", help: "" },
];

const parse = (...args: string[]) => parseArguments(args, SPECS);

Deno.test("flags, values and positionals may come in any order", () => {
  assertEquals(parse("a", "--json", "--model", "m", "b"), {
    options: { json: true, model: "m" },
    positionals: ["a", "b"],
    plain: 2,
  });
  assertEquals(parse(), { options: {}, positionals: [], plain: 0 });
});

Deno.test("a value may be given with =, may be empty, hold = or begin with a dash", () => {
  assertEquals(parse("--model=m").options.model, "m");
  assertEquals(parse("--model=").options.model, "");
  assertEquals(parse("--model=a=b").options.model, "a=b");
  assertEquals(parse("--model=--json").options, { model: "--json" });
  assertEquals(parse("--model", "-").options.model, "-");
  assertEquals(parse("--model", "").options.model, "");
});

Deno.test("a lone dash is a positional, and after -- everything is", () => {
  assertEquals(parse("-").positionals, ["-"]);
  assertEquals(parse("a", "--", "--json", "--", "-x"), {
    options: {},
    positionals: ["a", "--json", "--", "-x"],
    plain: 1,
  });
});

Deno.test("lists collect, -h is --help, and numbers are numbers", () => {
  assertEquals(parse("--image", "a", "--image=b").options.image, ["a", "b"]);
  assertEquals(parse("-h").options.help, true);
  assertEquals(parse("--limit", "0").options.limit, 0);
  assertEquals(parse("--limit=1.5").options.limit, 1.5);
});

Deno.test("what is unknown, missing, repeated or no number is a usage error that names the flag", () => {
  for (
    const args of [
      ["--nope"],
      ["--jso"],
      ["-m"],
      ["-hh"],
      ["--model"],
      ["--model", "--json"],
      ["--model", "--"],
      ["--model", "-x"],
      ["--model", "a", "--model", "a"],
      ["--json=1"],
      ["--limit", "x"],
      ["--limit=-1"],
      ["--limit="],
      ["--limit= 1"],
      ["--limit=1e9"],
      ["--limit=0x10"],
      ["--limit=Infinity"],
      ["--__proto__"],
      ["--constructor=1"],
      ["---json"],
      ["--=x"],
    ]
  ) {
    const error = assertThrows(
      () => parse(...args),
      CliError,
      undefined,
      args.join(" "),
    );
    assertEquals([error.code, error.exit], ["usage", 2]);
  }
});
