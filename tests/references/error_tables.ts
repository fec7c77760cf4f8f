/** The tables of error codes in references/error-handling.md, from the one table in the source. */
import {
  ERROR_CODES,
  type ErrorCode,
} from "../../assets/lib/domain/error_codes.ts";
import { ERROR_TEXTS, type ErrorText } from "./error_texts.ts";

const row = (...cells: (string | number)[]): string =>
  `| ${cells.join(" | ")} |`;

const ENTRIES = Object.entries(ERROR_TEXTS) as [ErrorCode, ErrorText][];

/** Codes that commands raise, with their exit codes. */
export const commandTable = (): string =>
  [
    row("code", "exit", "cause", "what to do"),
    row("---", "---", "---", "---"),
    ...ENTRIES.flatMap(([code, { command }]) =>
      command ? [row(`\`${code}\``, ERROR_CODES[code]!, ...command)] : []
    ),
  ].join("\n");

/** Codes that turns end with. */
export const turnTable = (): string =>
  [
    row("code", "cause", "what to do"),
    row("---", "---", "---"),
    ...ENTRIES.flatMap(([code, { turn }]) =>
      turn ? [row(`\`${code}\``, ...turn)] : []
    ),
  ].join("\n");
