/** Help texts, made from the same data that the parser reads. */
import { type Command, COMMON_OPTIONS } from "./command.ts";
import type { OptionSpec } from "./args.ts";

/** `--help` of one verb. */
export function commandHelp(command: Command): string {
  return [
    `codex-server ${command.name} ${command.usage}`.trimEnd(),
    `  ${command.summary}`,
    ...(command.details ? ["", command.details] : []),
    "",
    "Flags:",
    ...optionLines([...command.options, ...COMMON_OPTIONS]),
    "",
    "Examples:",
    ...command.examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}

function optionLines(options: OptionSpec[]): string[] {
  const names = options.map(({ name, value }) =>
    `--${name}${value ? ` ${value}` : ""}`
  );
  const width = Math.max(...names.map((name) => name.length));
  return options.map(({ help }, index) =>
    `  ${names[index]!.padEnd(width)}  ${help}`
  );
}

/** The list of all verbs. */
export function overview(commands: Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "codex-server: hands prompts to OpenAI Codex in detached workers",
    "",
    "Usage: codex-server <command> [flags]; see codex-server <command> --help",
    "",
    ...commands.map(({ name, summary }) =>
      `  ${name.padEnd(width)}  ${summary}`
    ),
    "",
    "Exit codes: 0 done, 1 the turn failed, 2 could not start, 3 codex missing, 4 still",
    "running, 5 schema or JSON problem, 6 no such turn or thread, 7 the machine refused,",
    "130 interrupted. Everything lies in ~/.codex-server.",
    "",
  ].join("\n");
}
