/** Help texts, made from the same data that the parser reads; no line is over 80 columns. */
import { type Command, COMMON_OPTIONS, GROUPS } from "./command.ts";
import type { OptionSpec } from "./args.ts";
import { wrapped } from "./wrapped.ts";

/** Widest column of names; a longer name has its text on the next line. */
const NAMES_WIDTH = 26;

/** `--help` of one verb. */
export function commandHelp(command: Command): string {
  const { name, usage, summary, details, examples, options, shared } = command;
  return [
    ...wrapped(`codex-server ${name} ${usage}`.trimEnd(), { hang: 4 }),
    ...wrapped(`  ${summary}`, { hang: 2 }),
    ...(details ? ["", ...paragraphs(details)] : []),
    ...flagLines(options),
    ...(shared
      ? [
        "",
        `Flags of ${shared.with}, explained by codex-server ${shared.with} --help:`,
        ...wrapped(
          `  ${shared.options.map(({ name }) => `--${name}`).join(", ")}`,
          { hang: 2 },
        ),
      ]
      : []),
    "",
    "Examples:",
    ...examples.flatMap((example) =>
      wrapped(`  ${example}`, { hang: 6, continued: " \\" })
    ),
    "",
  ].join("\n");
}

/** Line ends inside a paragraph are joined; an indented line is kept as it is. */
const paragraphs = (text: string): string[] =>
  text.replace(/\n(?=[^\s])/g, " ").split("\n").flatMap((paragraph) =>
    wrapped(paragraph)
  );

/** The flags under their headings, the common ones last. */
function flagLines(options: OptionSpec[]): string[] {
  const grouped = options.some(({ group }) => group !== undefined);
  const rest = grouped ? "Always" : "Flags";
  const all = [...options, ...COMMON_OPTIONS];
  const headings = new Set(all.map(({ group }) => group ?? rest));
  const width = Math.min(
    NAMES_WIDTH,
    Math.max(...all.map((option) => nameOf(option).length)),
  );
  return [...headings].flatMap((heading) => [
    "",
    `${heading}:`,
    ...all.filter(({ group }) => (group ?? rest) === heading)
      .flatMap((option) => entry(nameOf(option), option.help, width)),
  ]);
}

/** For example `-m, --model MODEL`. */
const nameOf = ({ name, short, value }: OptionSpec): string =>
  `${short ? `-${short}, ` : "    "}--${name}${value ? ` ${value}` : ""}`;

/** A name and what it means, in two columns. */
function entry(name: string, text: string, width: number): string[] {
  const hang = width + 4;
  return name.length > width
    ? [`  ${name}`, ...wrapped(" ".repeat(hang) + text, { hang })]
    : wrapped(`  ${name.padEnd(width)}  ${text}`, { hang });
}

/** The list of all verbs, by what they are for. */
export function overview(commands: Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "codex-server: hands prompts to OpenAI Codex in detached workers",
    "",
    ...paragraphs(
      `A thread is a conversation; a turn is one prompt and its answer. A turn runs on by
itself: follow it, steer it, stop it or collect its answer from any shell.`,
    ),
    "",
    "Usage: codex-server COMMAND [flags]; more: codex-server COMMAND --help",
    ...Object.entries(GROUPS).flatMap(([group, heading]) => [
      "",
      `${heading}:`,
      ...commands.filter((command) => command.group === group)
        .flatMap(({ name, summary }) => entry(name, summary, width)),
    ]),
    "",
    ...paragraphs(
      `Exit codes: 0 done, 1 the turn failed, 2 could not start, 3 codex missing, 4 still
running, 5 schema or JSON problem, 6 no such turn or thread, 7 the machine refused,
8 it asks, 130 interrupted. Everything lies in ~/.codex-server.`,
    ),
    "",
  ].join("\n");
}
