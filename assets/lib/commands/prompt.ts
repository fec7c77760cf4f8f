/** The prompt: from the command line, a file or stdin, and what `--with` and `--mention` add to it. */
import { usageError } from "../cli/errors.ts";
import type { ParsedArguments } from "../cli/args.ts";
import { readStdin } from "../system/stdio.ts";
import { readGivenFile, refusing } from "./given_path.ts";

/** Codex refuses more characters (Unicode scalar values) than this. */
export const MAX_PROMPT_CHARACTERS = 1_048_576;

/** More bytes than this are refused uncounted: they always contain too many characters. */
const MAX_BYTES = 8 * MAX_PROMPT_CHARACTERS;

/** The sources of the prompt and its attachments. */
export interface PromptSources {
  promptFile: string | null;
  /** Files, or `-` for stdin, in the order given. */
  withFiles: string[];
}

/** A prompt, and the texts that go with it. */
export interface PromptParts {
  prompt: string;
  attachments: { file: string; text: string }[];
  /** Stdin was asked for, and is in one of them. */
  fromStdin: boolean;
}

/**
 * Reads the prompt and its attachments, each checked: UTF-8, without NUL, not blank.
 * Stdin is read only when a `-` asks for it, and goes to one place.
 * @throws {CliError} code `usage`
 */
export async function readPrompt(
  args: ParsedArguments,
  { promptFile, withFiles }: PromptSources,
): Promise<PromptParts> {
  const source = promptSource(args, promptFile);
  const stdins = [source.file, ...withFiles].filter((file) => file === "-");
  if (stdins.length > 1) {
    throw usageError(
      "Stdin was asked for twice: only one - can have it",
      "give the other text as a file",
    );
  }
  const prompt = source.file === null
    ? checked(new TextEncoder().encode(source.text), "The prompt", GIVE_ONE)
    : await readText(source.file, "The prompt", "The prompt file");
  const attachments = [];
  for (const file of withFiles) {
    attachments.push({ file, text: await readText(file, null, "The file") });
  }
  return { prompt, attachments, fromStdin: stdins.length > 0 };
}

/**
 * The whole text that codex gets, as bytes: the prompt, then each attachment in a marked
 * block as `codex exec` marks its stdin, then a line for each file that is mentioned.
 * @throws {CliError} `usage` when it is over codex's cap
 */
export function composePrompt(
  { prompt, attachments }: Omit<PromptParts, "fromStdin">,
  mentions: string[] = [],
): Uint8Array {
  const whole = [
    prompt,
    ...attachments.map(({ file, text }) => block(file, text)),
    ...(mentions.length > 0 ? [mentions.join("\n")] : []),
  ].join("\n\n");
  const characters = countCharacters(whole);
  if (characters > MAX_PROMPT_CHARACTERS) {
    const what = attachments.length > 0
      ? "The prompt and what goes with it have"
      : "The prompt has";
    throw usageError(
      `${what} ${characters} characters, codex takes ${MAX_PROMPT_CHARACTERS}`,
      "shorten it, or put the material in files that codex can read",
    );
  }
  return new TextEncoder().encode(whole);
}

/** A text between marks of its own: no line of it can be taken for the closing mark. */
function block(file: string, text: string): string {
  const [name, attributes] = file === "-"
    ? ["stdin", ""]
    : ["file", ` path=${JSON.stringify(file)}`];
  let tag = name;
  for (let n = 2; text.includes(`</${tag}>`); n++) tag = `${name}-${n}`;
  const end = text.endsWith("\n") ? "" : "\n";
  return `<${tag}${attributes}>\n${text}${end}</${tag}>`;
}

const GIVE_ONE = 'give it as in: codex-server new "Say hello"';

/** Where the prompt itself is: a file (`-` is stdin), or the argument. */
function promptSource(
  { positionals, plain }: ParsedArguments,
  promptFile: string | null,
): { file: string } | { file: null; text: string } {
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
      "give one; --with adds a file, or stdin with -, to a prompt",
    );
  }
  if (promptFile !== null) return { file: promptFile };
  if (given === undefined) {
    throw usageError(
      "There is no prompt",
      `${GIVE_ONE}; for one from stdin give - or --prompt-file -`,
    );
  }
  // `-` before `--` means stdin; after it, it is a prompt.
  return given === "-" && plain === 1
    ? { file: "-" }
    : { file: null, text: given };
}

/** The text of a file, or of stdin for `-`. `name` says what it is, where it has a name. */
async function readText(
  file: string,
  name: string | null,
  what: string,
): Promise<string> {
  if (file !== "-") {
    const bytes = readGivenFile(file, refusing(what, file), MAX_BYTES);
    return checked(bytes, name ?? `${what} ${file}`, "give one with text");
  }
  const bytes = await readStdin(MAX_BYTES);
  if (bytes === null) {
    throw usageError(
      `Stdin has more than the ${MAX_BYTES} bytes that fit`,
      "give a part of it, or let codex read a file itself",
    );
  }
  if (bytes.length === 0) {
    throw usageError(
      "Nothing came in: stdin was empty",
      "check the command that was to write it",
    );
  }
  return checked(bytes, name ?? "stdin", "check the command that wrote it");
}

/** `bytes` as text, if codex can take it; every character is kept. */
function checked(bytes: Uint8Array, name: string, ifEmpty: string): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
  } catch {
    throw usageError(
      `${name} is not valid UTF-8`,
      "give text; convert other encodings first, e.g. with iconv",
    );
  }
  const nul = text.indexOf("\0");
  if (nul !== -1) {
    throw usageError(
      `${name} holds a NUL character at position ${nul}`,
      "give text; remove it if it is one",
    );
  }
  if (text.trim() === "") throw usageError(`${name} is empty`, ifEmpty);
  return text;
}

/** Unicode scalar values: a surrogate pair counts once. */
function countCharacters(text: string): number {
  if (text.length <= MAX_PROMPT_CHARACTERS) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}
