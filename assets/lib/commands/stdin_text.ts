/** A text that comes from stdin, as `answer` and `steer` take it with `-`. */
import { usageError } from "../cli/errors.ts";
import { readStdin } from "../system/stdio.ts";

/** More than any answer or steer, in bytes. */
const MAX_TEXT = 1 << 20;

/**
 * Stdin without its last newline, which the shell adds.
 * @throws {CliError} code `usage`: empty, too long, not UTF-8, or contains a NUL
 */
export async function stdinText(): Promise<string> {
  const bytes = await readStdin(MAX_TEXT);
  if (bytes === null) {
    throw usageError(`Stdin may have ${MAX_TEXT} bytes`, "shorten it");
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes).replace(/\r?\n$/, "");
  } catch {
    throw usageError(
      "Stdin is not valid UTF-8",
      "convert it first, e.g. with iconv",
    );
  }
  if (text === "") {
    throw usageError(
      "Nothing came in: stdin was empty",
      "check the command that was to write it",
    );
  }
  if (text.includes("\0")) {
    throw usageError("Stdin holds a NUL character", "remove it");
  }
  return text;
}
