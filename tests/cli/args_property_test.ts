import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type OptionSpec,
  parseArguments,
  type ParsedArguments,
} from "../../assets/lib/cli/args.ts";
import { CliError, EXIT } from "../../assets/lib/cli/errors.ts";
import { text } from "../arbitrary.ts";

const SPECS: OptionSpec[] = [
  { name: "json", type: "boolean", help: "" },
  { name: "help", short: "h", type: "boolean", help: "" },
  { name: "model", type: "string", help: "" },
  { name: "timeout", type: "number", help: "" },
  { name: "image", type: "list", help: "" },
];
const NAMES = SPECS.map(({ name }) => name);

const parse = (args: string[]): ParsedArguments => parseArguments(args, SPECS);

/** What is meant as a flag, with anything behind it. */
const flagLike = fc.tuple(
  fc.constantFrom("-", "--", "---"),
  fc.oneof(fc.constantFrom(...NAMES, "h", "constructor", "__proto__"), text),
  fc.oneof(fc.constant(""), text.map((value) => `=${value}`)),
).map((parts) => parts.join(""));
const anything = fc.array(
  fc.oneof(text, flagLike, fc.constantFrom("--", "-", "--json", "--model")),
  { maxLength: 8 },
);
const plain = text.filter((value) => !value.startsWith("-") || value === "-");
/** Arguments that this command takes. */
const sound = fc.record({
  words: fc.array(plain, { maxLength: 4 }),
  model: fc.option(text, { nil: undefined }),
  images: fc.array(text, { maxLength: 3 }),
  json: fc.boolean(),
}).map(({ words, model, images, json }) => [
  ...words,
  ...(json ? ["--json"] : []),
  ...(model === undefined ? [] : [`--model=${model}`]),
  ...images.map((image) => `--image=${image}`),
]);

Deno.test("any argument vector is read, or refused as a usage error; nothing else comes of it", () => {
  fc.assert(
    fc.property(anything, (args) => {
      try {
        const { options, positionals, plain } = parse(args);
        assert(Object.keys(options).every((name) => NAMES.includes(name)));
        assert(plain <= positionals.length);
        const { timeout } = options;
        assert(timeout === undefined || Number.isFinite(timeout));
      } catch (error) {
        assert(error instanceof CliError, `${error}`);
        assertEquals([error.code, error.exit], ["usage", EXIT.usage]);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("whatever comes after -- is data", () => {
  fc.assert(
    fc.property(sound, anything, (before, after) => {
      const { options, positionals } = parse(before);
      assertEquals(parse([...before, "--", ...after]), {
        options,
        positionals: [...positionals, ...after],
        plain: positionals.length,
      });
    }),
    { numRuns: 1000 },
  );
});

Deno.test("a value given with = arrives as it is, and lists keep their order", () => {
  fc.assert(
    fc.property(text, fc.array(text, { minLength: 1 }), (model, images) => {
      const { options } = parse([
        `--model=${model}`,
        ...images.map((image) => `--image=${image}`),
      ]);
      assertEquals(options, { model, image: images });
    }),
    { numRuns: 500 },
  );
});

Deno.test("what follows a flag is its value, unless it looks like a flag itself", () => {
  fc.assert(
    fc.property(fc.oneof(text, flagLike), (value) => {
      if (value.startsWith("-") && value !== "-") {
        assertThrows(() => parse(["--model", value]), CliError, "--model");
      } else {
        assertEquals(parse(["--model", value]).options, { model: value });
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("a flag that is not known is a usage error that names it", () => {
  const unknown = flagLike.filter((arg) => {
    const name = arg.split("=")[0]!;
    return arg !== "-" && arg !== "--" && name !== "-h" &&
      !NAMES.includes(name.slice(2));
  });
  fc.assert(
    fc.property(sound, unknown, (before, arg) => {
      const refusal = assertThrows(() => parse([...before, arg]), CliError);
      assertEquals(refusal.code, "usage");
      assert(refusal.message.includes(JSON.stringify(arg.split("=")[0])));
    }),
    { numRuns: 500 },
  );
});

Deno.test("a number is a number of at least nought, or a usage error", () => {
  fc.assert(fc.property(fc.nat(), fc.nat(999), (whole, part) => {
    const { options } = parse([`--timeout=${whole}.${part}`]);
    assertEquals(options.timeout, Number(`${whole}.${part}`));
  }));
  const odd = fc.oneof(
    text.filter((value) => !/^\d+(\.\d+)?$/.test(value)),
    fc.integer({ max: -1 }).map(String),
    fc.constantFrom("1e9", "0x10", " 1", "1_000", "NaN", "Infinity", "١"),
    fc.constant("9".repeat(400)),
  );
  fc.assert(fc.property(odd, (value) => {
    assertThrows(() => parse([`--timeout=${value}`]), CliError, "--timeout");
  }));
});
