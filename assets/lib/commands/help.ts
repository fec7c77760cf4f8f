/** `help`: all verbs, or one. */
import type { Command } from "../cli/command.ts";
import { jsonText } from "../events/json_text.ts";
import { usageError } from "../cli/errors.ts";
import { commandHelp, overview } from "../cli/help.ts";
import { VERBS } from "../cli/registry.ts";
import { LAUNCHER } from "../version.ts";

/** The verb `help`. */
export const command: Command = {
  name: "help",
  summary: "print this list, or the help of one command",
  usage: "[COMMAND]",
  examples: ["codex-server help", "codex-server help new"],
  options: [],
  withoutLogin: true,
  async run({ args, json, stdout }) {
    const [verb] = args.positionals;
    if (verb !== undefined) {
      const load = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
      if (!load) {
        throw usageError(
          `Unknown command ${JSON.stringify(verb)}`,
          `see ${LAUNCHER} help`,
        );
      }
      stdout(commandHelp((await load()).command));
      return 0;
    }
    const loaded = await Promise.all(
      Object.values(VERBS).map((load) => load()),
    );
    const commands = loaded.map(({ command }) => command);
    stdout(
      json
        ? jsonText({
          schema_version: 1,
          commands: commands.map(describe),
        }) + "\n"
        : overview(commands),
    );
    return 0;
  },
};

const describe = ({ name, summary, usage, options, examples }: Command) => ({
  name,
  summary,
  usage,
  options,
  examples,
});
