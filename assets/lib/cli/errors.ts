/** Errors as commands raise them: what happened, what to do, and the exit code. */
import { type ErrorCode, EXIT, exitOfCode } from "../domain/error_codes.ts";
import { machineRefusal } from "../domain/machine_refusal.ts";
import { jsonText } from "../events/json_text.ts";
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

/** The default hint; it is replaced by the call that prints the verb's help. */
export const SEE_HELP = "see --help";

/** A wrong command line; nothing has run. */
export const usageError = (message: string, hint = SEE_HELP): CliError =>
  new CliError("usage", message, hint);

/** The machine's error that caused `error`: disk, permission, or something unforeseen. */
export function machineError(error: unknown): CliError {
  const { code, message, hint } = machineRefusal(error);
  return new CliError(
    code,
    message,
    hint ?? "run the command again; if it stays, report it",
  );
}

/** The one line for stderr. */
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
