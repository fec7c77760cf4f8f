/**
 * The one argument parser. A command states its options as data; the same data makes its
 * help. Our own because of what the ready-made ones cost or do: `node:util` and
 * `@std/cli` take as long to load as Deno takes to start, and `@std/cli` reads the value
 * `-` (standard input) as a missing one.
 */
import { usageError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { LAUNCHER } from "../version.ts";

/** One flag of a command. */
export interface OptionSpec {
  /** Long name without the dashes. */
  name: string;
  /** One letter: the flag may be typed as `-m` as well. */
  short?: string;
  /**
   * `list` may be given several times. `number` is a non-negative number of `value`.
   * `duration` is given as seconds or as `90s`, `5m`, `1h`, and parsed to seconds.
   */
  type: "boolean" | "string" | "number" | "duration" | "list";
  /** Placeholder for the value in the help, e.g. `FILE`. */
  value?: string;
  help: string;
  /** The heading that lists it in the help; `Flags` unless given. */
  group?: string;
}

/** Whose arguments are parsed: what a refusal points to. */
export interface ParsedFor {
  /** The verb. */
  name: string;
  /** Which of its arguments is free text and so can begin with a dash. */
  freeText?: "prompt" | "text";
}

/** What was given; a name that was not given is absent. */
export interface ParsedArguments {
  options: Record<string, boolean | string | number | string[]>;
  positionals: string[];
  /** How many positionals came before `--`: only these can be special. */
  plain: number;
}

/**
 * Parses `args`. `--name value` and `--name=value` are the same, and so is `-n value`; a
 * value may begin with a dash when it is given with `=`, or is `-` alone. A number may
 * follow its letter at once, as in `-n5`. After `--` everything is positional.
 * @throws {CliError} code `usage`, naming the flag
 */
export function parseArguments(
  args: string[],
  specs: OptionSpec[],
  verb: ParsedFor = { name: "" },
): ParsedArguments {
  const parsed: ParsedArguments = { options: {}, positionals: [], plain: 0 };
  const queue = [...args];
  for (let arg; (arg = queue.shift()) !== undefined;) {
    if (arg === "--") {
      parsed.plain = parsed.positionals.length;
      parsed.positionals.push(...queue);
      return parsed;
    }
    if (!arg.startsWith("-") || arg === "-") {
      parsed.positionals.push(arg);
      continue;
    }
    const [flag, inline] = splitFlag(arg, specs);
    const spec = specs.find((spec) => isNamed(spec, flag));
    if (!spec) throw unknownFlag(flag, specs, verb);
    if (spec.type === "boolean") {
      if (inline !== null) throw usageError(`${flag} takes no value`);
      parsed.options[spec.name] = true;
      continue;
    }
    const value = inline ?? takeValue(flag, queue, spec);
    if (spec.type === "list") {
      const list = parsed.options[spec.name] as string[] | undefined;
      parsed.options[spec.name] = [...(list ?? []), value];
      continue;
    }
    if (spec.name in parsed.options) {
      throw usageError(`${flag} was given twice`);
    }
    parsed.options[spec.name] = spec.type === "number"
      ? toNumber(flag, value)
      : spec.type === "duration"
      ? toSeconds(flag, value)
      : value;
  }
  parsed.plain = parsed.positionals.length;
  return parsed;
}

function unknownFlag(flag: string, specs: OptionSpec[], verb: ParsedFor) {
  const meant = nearest(
    flag.replace(/^-+/, ""),
    specs.map(({ name }) => name),
  );
  const hints = [
    `${
      meant === null ? "" : `did you mean --${meant}? `
    }the flags of ${verb.name}: ${LAUNCHER} ${verb.name} --help`,
    ...(verb.freeText
      ? [`a ${verb.freeText} that begins with a dash goes after --`]
      : []),
  ];
  return usageError(`Unknown flag ${JSON.stringify(flag)}`, hints.join("; "));
}

const isNamed = ({ name, short }: OptionSpec, flag: string): boolean =>
  flag === `--${name}` || (short !== undefined && flag === `-${short}`);

function splitFlag(
  arg: string,
  specs: OptionSpec[],
): [flag: string, value: string | null] {
  const letter = arg.slice(0, 2);
  const isNumber = /^-[a-z]\d/i.test(arg) &&
    specs.some((spec) =>
      isNamed(spec, letter) && ["number", "duration"].includes(spec.type)
    );
  if (isNumber) return [letter, arg.slice(2)];
  const at = arg.indexOf("=");
  return at === -1 ? [arg, null] : [arg.slice(0, at), arg.slice(at + 1)];
}

function takeValue(flag: string, queue: string[], spec: OptionSpec): string {
  const next = queue[0];
  if (next === undefined || (next.startsWith("-") && next !== "-")) {
    throw usageError(`${flag} needs a value: ${flag} ${spec.value ?? "VALUE"}`);
  }
  return queue.shift()!;
}

function toNumber(flag: string, value: string): number {
  if (!/^\d+(\.\d+)?$/.test(value) || !Number.isFinite(Number(value))) {
    throw usageError(
      `${flag} needs a non-negative number, not ${JSON.stringify(value)}`,
    );
  }
  return Number(value);
}

/** What one unit of a duration is, in seconds. */
const UNIT_SECONDS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600 };
/** Longest duration, in seconds (31 years), so that dates stay valid. */
const MAX_SECONDS = 1_000_000_000;

function toSeconds(flag: string, value: string): number {
  const [, number, unit] = value.match(/^(\d+(?:\.\d+)?)([smh]?)$/) ?? [];
  const seconds = Number(number) * UNIT_SECONDS[unit ?? ""]!;
  if (number === undefined || !(seconds <= MAX_SECONDS)) {
    throw usageError(
      `${flag} needs a time such as 90s, 5m or 1h, not ${
        JSON.stringify(value)
      }`,
      number === undefined
        ? "a number alone means seconds"
        : `the longest is ${MAX_SECONDS} seconds`,
    );
  }
  return seconds;
}
