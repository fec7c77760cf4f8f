/** From an argument vector to an exit code: the path that every call takes. */
import { parseArguments } from "./args.ts";
import { allOptions, type Command, type Invocation } from "./command.ts";
import {
  CliError,
  errorJson,
  errorLine,
  EXIT,
  machineError,
  SEE_HELP,
  usageError,
} from "./errors.ts";
import { findVerb } from "./find_verb.ts";
import { VERBS } from "./registry.ts";
import { noteLine } from "../output/note.ts";
import { later } from "../system/later.ts";
import { UnsafeRoot } from "../turns/root.ts";
import { BadSurroundings } from "../system/surroundings.ts";
import { ReaderGone } from "../system/stdio.ts";
import { LAUNCHER } from "../version.ts";

/** Where a call's output goes. */
export type Streams = Pick<Invocation, "stdout" | "stderr">;

/** Runs one command line; reports every error and returns the exit code. */
export async function main(argv: string[], streams: Streams): Promise<number> {
  try {
    return await dispatch(argv, streams);
  } catch (error) {
    if (error instanceof ReaderGone) return EXIT.ok;
    const told = asCliError(error);
    const json = argv.slice(0, endOfFlags(argv)).includes("--json");
    streams.stderr(json ? errorJson(told) : errorLine(told));
    return told.exit;
  }
}

async function dispatch(argv: string[], streams: Streams): Promise<number> {
  const { verb, rest } = findVerb(argv, Object.keys(VERBS));
  const { command } = await VERBS[verb]!();
  try {
    return await runCommand(command, rest, streams);
  } catch (error) {
    if (!(error instanceof CliError) || error.hint !== SEE_HELP) throw error;
    throw usageError(error.message, `see ${LAUNCHER} ${verb} --help`);
  }
}

async function runCommand(
  command: Command,
  rest: string[],
  streams: Streams,
): Promise<number> {
  const args = parseArguments(rest, allOptions(command), command);
  if (args.options.help) {
    const { commandHelp } = await later<typeof import("./help.ts")>(
      "./help.ts",
      import.meta.url,
    );
    streams.stdout(commandHelp(command));
    return EXIT.ok;
  }
  const [extra] = args.positionals;
  if (command.positionals === "none" && extra !== undefined) {
    throw usageError(`${command.name} takes no ${JSON.stringify(extra)}`);
  }
  if (!command.withoutLogin) {
    const { requireLogin } = await later<
      typeof import("../commands/checks.ts")
    >("../commands/checks.ts", import.meta.url);
    await requireLogin((line) => streams.stderr(noteLine(line)));
  }
  return await command.run({
    args,
    json: args.options.json === true,
    ...streams,
  });
}

function asCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof UnsafeRoot) {
    return new CliError(
      "unsafe_root",
      error.message,
      error.hint,
    );
  }
  if (error instanceof BadSurroundings) {
    return usageError(error.message, error.hint);
  }
  return machineError(error);
}

/** Flags end at `--`: a prompt after it can be anything. */
function endOfFlags(argv: string[]): number {
  const at = argv.indexOf("--");
  return at === -1 ? argv.length : at;
}
