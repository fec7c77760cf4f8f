/** The prompt: from the command line, a file or stdin, byte for byte. */
import { usageError } from "../cli/errors.ts";
import type { ParsedArguments } from "../cli/args.ts";
import { readStdin } from "../system/stdio.ts";

/** Codex refuses more characters (Unicode scalar values) than this. */
export const MAX_PROMPT_CHARACTERS = 1_048_576;

/**
 * The bytes of the prompt, checked: UTF-8, without NUL, not blank, not over codex's cap.
 * Stdin is read only when `-` or `--prompt-file -` asks for it.
 * @throws {CliError} code `usage`
 */
export async function readPrompt(
  args: ParsedArguments,
  promptFile: string | null,
): Promise<Uint8Array> {
  const bytes = await promptBytes(args, promptFile);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
  } catch {
    throw usageError(
      "The prompt is not valid UTF-8",
      "convert it first, e.g. with iconv",
    );
  }
  const nul = text.indexOf("\0");
  if (nul !== -1) {
    throw usageError(
      `The prompt holds a NUL character at position ${nul}`,
      "remove it",
    );
  }
  if (text.trim() === "") {
    throw usageError(
      "The prompt is empty",
      'give it as in: codex-server new "Say hello"',
    );
  }
  const characters = countCharacters(text);
  if (characters > MAX_PROMPT_CHARACTERS) {
    throw usageError(
      `The prompt has ${characters} characters, codex takes ${MAX_PROMPT_CHARACTERS}`,
      "shorten it, or put the material in files that codex can read",
    );
  }
  return bytes;
}

async function promptBytes(
  { positionals, plain }: ParsedArguments,
  promptFile: string | null,
): Promise<Uint8Array> {
  if (positionals.length > 1) {
    throw usageError(
      `Expected one prompt, got ${positionals.length} arguments`,
      "quote the prompt",
    );
  }
  const [given] = positionals;
  if (given !== undefined && promptFile !== null) {
    throw usageError(
      "Two prompts were given: an argument and --prompt-file",
      "give one",
    );
  }
  // `-` before `--` means stdin; after it, it is a prompt.
  if (promptFile === "-" || (given === "-" && plain === 1)) {
    return await readStdin();
  }
  if (promptFile !== null) return readPromptFile(promptFile);
  if (given === undefined) {
    throw usageError(
      "There is no prompt",
      'give it as in: codex-server new "Say hello"',
    );
  }
  return new TextEncoder().encode(given);
}

function readPromptFile(path: string): Uint8Array {
  try {
    if (!Deno.statSync(path).isFile) {
      throw usageError(
        `The prompt file ${path} is not a regular file`,
        "name a text file",
      );
    }
    return Deno.readFileSync(path);
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) {
      throw usageError(
        `The prompt file ${path} does not exist`,
        "check the path",
      );
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw usageError(
        `The prompt file ${path} cannot be read`,
        "check its permissions",
      );
    }
    throw error;
  }
}

/** Unicode scalar values: a surrogate pair counts once. */
function countCharacters(text: string): number {
  if (text.length <= MAX_PROMPT_CHARACTERS) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}
