/** Errors as commands raise them: what happened, what to do, and the exit code. */
import { type ErrorCode, EXIT, exitOfCode } from "../domain/error_codes.ts";
import { jsonText } from "../events/json_text.ts";
import { osErrorInWords, osErrorNumber } from "../system/os_error.ts";
import { terminalLine } from "../render/one_line.ts";

export { EXIT };

/** Ends a command with one line, `codex-server: what — what to do`, and an exit code. */
export class CliError extends Error {
  override name = "CliError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    /** What to do about it. */
    readonly hint: string,
    /** More fields for `--json`. */
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }

  /** The exit code of a command that ends with this. */
  get exit(): number {
    return exitOfCode(this.code);
  }
}

/** The hint of who knows none better; it becomes the call that prints the verb's help. */
export const SEE_HELP = "see --help";

/** A wrong command line; nothing has run. */
export const usageError = (message: string, hint = SEE_HELP): CliError =>
  new CliError("usage", message, hint);

/** The system's number for "permission denied". */
const DENIED = 13;

/** What can be done about what the system refused, by its number for it (Linux). */
const REFUSALS: [numbers: number[], code: ErrorCode, hint: string][] = [
  [
    [28, 122], // no space, over quota
    "disk_full",
    "free some space, or inodes (df -h, df -i), and try again",
  ],
  [[30], "permission_denied", "~/.codex-server must be writable"],
  [[1, DENIED], "permission_denied", "check who owns it and its permissions"],
  [[5, 116], "internal", "check the disk that holds ~/.codex-server"],
  [[16, 26], "internal", "another program uses it: end that, or try again"],
  [[39], "internal", "something was put into it in this moment: try again"],
  [
    [11, 12, 23, 24],
    "internal",
    "raise the limits of processes, memory and open files (ulimit -a), or end some programs",
  ],
  [[20], "internal", "a file stands where a directory is needed: move it away"],
  [[21], "internal", "a directory stands where a file is needed: move it away"],
  [[36], "internal", "use a shorter path or name"],
  [[40], "internal", "its links lead in a circle: mend them"],
];

/** The error of the machine that lies behind `error`: disk, permission, or something unforeseen. */
export function machineError(error: unknown): CliError {
  const message = osErrorInWords(error);
  if (error instanceof Deno.errors.NotCapable) {
    return new CliError(
      "permission_denied",
      message,
      "give deno the flags that references/permissions.md lists, or use the launcher",
    );
  }
  const number = error instanceof Deno.errors.PermissionDenied
    ? DENIED
    : osErrorNumber(error);
  const [, code = "internal", hint] =
    REFUSALS.find(([numbers]) => number !== null && numbers.includes(number)) ??
      [];
  return new CliError(
    code,
    message,
    hint ?? "run the command again; if it stays, report it",
  );
}

/** The one line that stderr gets. */
export const errorLine = (error: CliError): string =>
  `codex-server: ${terminalLine(error.message)} — ${
    terminalLine(error.hint)
  }\n`;

/** The same under `--json`. */
export const errorJson = (error: CliError): string =>
  jsonText({
    error: {
      code: error.code,
      message: error.message,
      hint: error.hint,
      ...error.details,
    },
  }) + "\n";
