/** How arguments are read, by example; what holds for all of them: args_property_test.ts. */
import { assertEquals, assertThrows } from "@std/assert";
import { type OptionSpec, parseArguments } from "../../assets/lib/cli/args.ts";
import { CliError } from "../../assets/lib/cli/errors.ts";

const SPECS: OptionSpec[] = [
  { name: "json", type: "boolean", help: "" },
  { name: "help", short: "h", type: "boolean", help: "" },
  { name: "model", short: "m", type: "string", value: "MODEL", help: "" },
  { name: "limit", short: "n", type: "number", value: "N", help: "" },
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

Deno.test("a lone dash is a positional, and after -- everything is", () => {
  assertEquals(parse("-", "--", "--json", "--", "-x"), {
    options: {},
    positionals: ["-", "--json", "--", "-x"],
    plain: 1,
  });
});

Deno.test("lists collect, -h is --help, and numbers are numbers", () => {
  assertEquals(parse("--image", "a", "--image=b").options.image, ["a", "b"]);
  assertEquals(parse("-h").options.help, true);
  assertEquals(parse("--limit", "0").options.limit, 0);
  assertEquals(parse("--limit=1.5").options.limit, 1.5);
});

Deno.test("newcomer C5: a letter is its flag, and a number may follow it at once", () => {
  assertEquals(parse("-m", "gpt", "-n", "5").options, {
    model: "gpt",
    limit: 5,
  });
  assertEquals(parse("-m=gpt", "-n5").options, { model: "gpt", limit: 5 });
  assertEquals(parse("-n=5").options, { limit: 5 });
  // Words behind a letter are no value: -model is a slip for --model.
  for (const args of [["-model", "x"], ["-m5"], ["-n5x"], ["-x"], ["-5"]]) {
    assertThrows(() => parse(...args), CliError, undefined, args.join(" "));
  }
});

Deno.test("newcomer C5: a flag that is not known is told with the one that is meant, and where to read", () => {
  const told = (arg: string, freeText = {}) =>
    assertThrows(
      () => parseArguments([arg], SPECS, { name: "tail", ...freeText }),
      CliError,
    ).hint;
  const help =
    "the flags of tail: ~/.codex-server/bin/codex-server tail --help";
  assertEquals(told("--modle"), `did you mean --model? ${help}`);
  assertEquals(told("-json"), `did you mean --json? ${help}`);
  assertEquals(told("--limt=3"), `did you mean --limit? ${help}`);
  assertEquals(told("--verbose"), help);
  assertEquals(
    told("-x", { freeText: "prompt" }),
    `${help}; a prompt that begins with a dash goes after --`,
  );
});

Deno.test("what is missing, repeated or no number is a usage error", () => {
  const refused = ["-m", "-hh", "--model", "--model --json", "--model --"]
    .concat(["--model a --model a", "--json=1", "--limit=", "--limit=1e9"])
    .concat(["--limit x", "--jso", "--__proto__", "--constructor=1", "--=x"]);
  for (const line of refused) {
    const call = () => parse(...line.split(" "));
    const { code, exit } = assertThrows(call, CliError, undefined, line);
    assertEquals([code, exit], ["usage", 2]);
  }
});
