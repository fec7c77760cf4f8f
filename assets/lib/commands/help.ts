/** `help`: all verbs, or one. */
import { allOptions, type Command } from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import { unknownVerb } from "../cli/find_verb.ts";
import { commandHelp, overview } from "../cli/help.ts";
import { VERBS } from "../cli/registry.ts";
import { documentLine } from "../output/json.ts";

/** The verb `help`. */
export const command: Command = {
  name: "help",
  group: "keep",
  positionals: "own",
  summary: "print this list, or the help of one command",
  usage: "[COMMAND]",
  details:
    `codex-server alone prints the list as well. With --json: all commands with their
flags, for programs.`,
  examples: ["codex-server help", "codex-server help new"],
  options: [],
  withoutLogin: true,
  async run({ args, json, stdout }) {
    const [verb, ...rest] = args.positionals;
    if (rest.length > 0) {
      throw usageError(`help takes no ${JSON.stringify(rest[0])}`);
    }
    if (verb !== undefined) {
      const load = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
      if (!load) throw unknownVerb(verb, Object.keys(VERBS));
      const { command } = await load();
      stdout(json ? documentLine(describe(command)) : commandHelp(command));
      return 0;
    }
    const loaded = await Promise.all(
      Object.values(VERBS).map((load) => load()),
    );
    const commands = loaded.map(({ command }) => command);
    stdout(
      json
        ? documentLine({ commands: commands.map(describe) })
        : overview(commands),
    );
    return 0;
  },
};

/** Everything that the help of a verb says, for programs. */
const describe = (command: Command) => ({
  name: command.name,
  group: command.group,
  summary: command.summary,
  usage: command.usage,
  details: command.details ?? null,
  options: allOptions(command),
  examples: command.examples,
  needs_login: !command.withoutLogin,
});
