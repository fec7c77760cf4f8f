/** The documents of the skill, and what the tests pick out of them. */
import { join } from "@std/path";
import { ROOT } from "../lab.ts";

/** A Markdown file; `path` is relative to the root, with forward slashes. */
export interface Document {
  path: string;
  text: string;
}

/** A fenced block of code. */
export interface CodeBlock {
  language: string;
  body: string;
}

export const read = (path: string): string =>
  Deno.readTextFileSync(join(ROOT, path));

/** Names of the files in `references/`. */
export const references = (): string[] =>
  Array.from(Deno.readDirSync(join(ROOT, "references")), ({ name }) => name)
    .sort();

/** SKILL.md, the README and the Markdown files of `references/`. */
export const documents = (): Document[] =>
  [
    "SKILL.md",
    "README.md",
    ...references().filter((name) => name.endsWith(".md"))
      .map((name) => `references/${name}`),
  ].map((path) => ({ path, text: read(path) }));

const FENCE = /^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm;

export const codeBlocks = (text: string): CodeBlock[] =>
  Array.from(text.matchAll(FENCE), ([, language, body]) => ({
    language: language!,
    body: body!,
  }));

/** The spans of inline code, in tables too (where `\|` stands for a bar). */
export const inlineCode = (text: string): string[] =>
  Array.from(
    text.replace(FENCE, "").matchAll(/`([^`\n]+)`/g),
    ([, code]) => code!.replaceAll("\\|", "|"),
  );

/** The cells of every table row of `text`, headings and rules left out. */
export const tableRows = (text: string): string[][] =>
  text.replace(FENCE, "").split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[\s|-]*$/.test(line))
    .map((line) =>
      line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim())
    );

/** The section under the heading `title`, up to the next one of its level. */
export function section(text: string, title: string): string {
  const parts = text.replace(FENCE, "").split(/^## /m);
  const found = parts.find((part) => part.startsWith(`${title}\n`));
  if (found === undefined) throw new Error(`There is no section "${title}"`);
  return found;
}

/**
 * The front matter: `key: value` lines, and one level of indented ones below a key. Values
 * in double quotes are read as JSON strings, which are YAML strings as well.
 */
export function frontMatter(
  text: string,
): Record<string, string | Record<string, string>> {
  const head = text.match(/^---\n([\s\S]*?)\n---\n/)?.[1];
  if (head === undefined) throw new Error("There is no front matter");
  const value = (raw: string): string =>
    raw.startsWith('"') ? JSON.parse(raw) : raw;
  const fields: Record<string, string | Record<string, string>> = {};
  let last = "";
  for (const line of head.split("\n")) {
    const [, indent, key, raw] = line.match(/^(\s*)([\w-]+):\s*(.*)$/) ?? [];
    if (key === undefined) throw new Error(`Not a field: ${line}`);
    if (indent === "") {
      last = key;
      fields[key] = raw === "" ? {} : value(raw!);
    } else {
      (fields[last] as Record<string, string>)[key] = value(raw!);
    }
  }
  return fields;
}

/** The body below the front matter. */
export const body = (text: string): string =>
  text.replace(/^---\n[\s\S]*?\n---\n/, "");
