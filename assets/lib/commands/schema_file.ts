/** `--schema`: a file with a JSON Schema object that codex can read. */
import { CliError } from "../cli/errors.ts";
import { flawForCodex } from "./codex_json.ts";
import { readGivenFile, refusing } from "./given_path.ts";
import { notStrict, wrongType } from "./schema_words.ts";

/** A schema that codex takes, and what OpenAI's service will object to. */
export interface GivenSchema {
  text: string;
  note: string | null;
}

/**
 * The text of a JSON Schema file.
 * @throws {CliError} `usage` for a file that cannot be read, `bad_schema` for its
 * content, both naming the file and the reason
 */
export function requireSchema(path: string): GivenSchema {
  const refuse = (reason: string) =>
    new CliError(
      "bad_schema",
      `The schema ${path} ${reason}`,
      "give a file with a JSON Schema object",
    );
  const bytes = readGivenFile(path, refusing("The schema", path));
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
  } catch {
    throw refuse("is not valid UTF-8");
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(`is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse("is not a JSON object");
  }
  const flaw = flawForCodex(value) ?? wrongType(value);
  if (flaw !== null) throw refuse(flaw);
  const open = notStrict(value);
  const note = open === null
    ? null
    : `the schema ${path} ${open}; OpenAI's service refuses such a schema`;
  return { text, note };
}
