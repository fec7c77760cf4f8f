/** What a command is: a verb, its options as data, and a function that returns an exit code. */
import type { OptionSpec, ParsedArguments } from "./args.ts";

/** What a verb is for: the headings of the help, in their order. */
export const GROUPS = {
  start: "Starting a turn",
  follow: "Following turns",
  decide: "Deciding",
  threads: "Threads",
  keep: "Housekeeping",
} as const;

/** A verb; one file of `commands/` each. */
export interface Command {
  name: string;
  group: keyof typeof GROUPS;
  /** One line for the list of commands. */
  summary: string;
  /** What follows the verb, e.g. `[TURN] [--timeout SECS]`. */
  usage: string;
  /** More lines for `--help`: what it prints, how it ends. */
  details?: string;
  /**
   * What it takes besides flags: nothing, so that any argument is refused, or arguments
   * that it checks itself.
   */
  positionals: "none" | "own";
  /** Which of its arguments is free text and so can begin with a dash. */
  freeText?: "prompt" | "text";
  examples: string[];
  options: OptionSpec[];
  /** Flags that are another verb's as well: its help explains them. */
  shared?: { with: string; options: OptionSpec[] };
  /** Works without a ChatGPT login. */
  withoutLogin?: true;
  /**
   * Does the work and returns the exit code; never exits itself.
   * @throws {CliError} for everything that the user should know
   */
  run(invocation: Invocation): Promise<number> | number;
}

/** One call of a command. */
export interface Invocation {
  args: ParsedArguments;
  /** `--json` was given. */
  json: boolean;
  /** The answer; nothing else goes to stdout. */
  stdout(content: string | Uint8Array): void;
  /** Notes for people. */
  stderr(content: string | Uint8Array): void;
}

/** The value of a string option, or null. */
export const stringOption = (
  args: ParsedArguments,
  name: string,
): string | null => (args.options[name] as string | undefined) ?? null;

/** The value of a number option, or null. */
export const numberOption = (
  args: ParsedArguments,
  name: string,
): number | null => (args.options[name] as number | undefined) ?? null;

/** The values of a repeatable option. */
export const listOption = (args: ParsedArguments, name: string): string[] =>
  (args.options[name] as string[] | undefined) ?? [];

/** Whether a boolean option was given. */
export const flag = (args: ParsedArguments, name: string): boolean =>
  args.options[name] === true;

/** Every flag that a verb takes. */
export const allOptions = (
  { options, shared }: Pick<Command, "options" | "shared">,
): OptionSpec[] => [...options, ...shared?.options ?? [], ...COMMON_OPTIONS];

/** Flags that every verb takes. */
export const COMMON_OPTIONS: OptionSpec[] = [
  {
    name: "json",
    type: "boolean",
    help: "JSON on stdout, errors as JSON on stderr",
  },
  { name: "help", short: "h", type: "boolean", help: "print this" },
];
