/** Errors as commands raise them: what happened, what to do, and the exit code. */
import { jsonText } from "../events/json_text.ts";
import { terminalLine } from "../render/one_line.ts";

/** Exit codes of every command; a contract. */
export const EXIT = {
  ok: 0,
  /** The turn failed, was cancelled or abandoned. */
  failed: 1,
  /** It could not start: usage, not logged in, thread busy. */
  usage: 2,
  /** Codex is missing or unreachable. */
  codex: 3,
  /** Still running at the deadline. */
  running: 4,
  /** A schema or JSON problem. */
  schema: 5,
  /** No such turn or thread. */
  unknown: 6,
  /** The machine refused: disk, permission, spawn. */
  machine: 7,
  interrupted: 130,
} as const;

/** Ends a command with one line, `codex-server: what — what to do`, and an exit code. */
export class CliError extends Error {
  override name = "CliError";

  constructor(
    /** A word of references/error-handling.md. */
    readonly code: string,
    message: string,
    /** What to do about it. */
    readonly hint: string,
    readonly exit: number,
    /** More fields for `--json`. */
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/** A wrong command line; nothing has run. */
export const usageError = (message: string, hint = "see --help"): CliError =>
  new CliError("usage", message, hint, EXIT.usage);

/** The error of the machine that lies behind `error`: disk, permission, or something unforeseen. */
export function machineError(error: unknown): CliError {
  const message = error instanceof Error ? error.message : String(error);
  const [code, hint] = error instanceof Deno.errors.PermissionDenied ||
      error instanceof Deno.errors.NotCapable
    ? [
      "permission_denied",
      "check the permissions of ~/.codex-server and of the flags given to deno",
    ]
    : /os error 28\b|ENOSPC|No space left/.test(message)
    ? ["disk_full", "free some space, or inodes (df -h, df -i), and try again"]
    : /os error 30\b|Read-only file system/.test(message)
    ? ["permission_denied", "~/.codex-server must be writable"]
    : /os error 5\b|Input\/output error/.test(message)
    ? ["internal", "check the disk that holds ~/.codex-server"]
    : ["internal", "run the command again; if it stays, report it"];
  return new CliError(code!, message, hint!, EXIT.machine);
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
