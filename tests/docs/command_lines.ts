/** The command lines that a document shows: in its shell blocks, its transcripts and its inline code. */
import { codeBlocks, inlineCode } from "./documents.ts";

/** Calls of the launcher under either name, or of an entry of the library. */
const CALL =
  /(^|[\s|&;(])(~\/\.codex-server\/bin\/)?codex-server\s+[a-z-]|\/(chat|setup)\.ts/;

/** Every command line of `text` that calls this tool, each once, in order. */
export function commandLines(text: string): string[] {
  const shown = codeBlocks(text).flatMap(({ language, body }) => {
    if (language === "sh") return statements(body);
    if (language !== "console") return [];
    return body.split("\n").filter((line) => line.startsWith("$ "))
      .map((line) => line.slice(2));
  });
  const inline = inlineCode(text)
    .filter((code) =>
      /^(~\/\.codex-server\/bin\/)?codex-server\s|^deno run |^npx /.test(code)
    )
    .map(completed);
  return [...new Set([...shown, ...inline].filter((line) => CALL.test(line)))];
}

/** The statements of a script: a heredoc or a continued line stays in one piece. */
function statements(script: string): string[] {
  const found: string[] = [];
  const lines = script.split("\n");
  for (let line; (line = lines.shift()) !== undefined;) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    while (line.endsWith("\\") && lines.length > 0) {
      line = `${line}\n${lines.shift()}`;
    }
    const end = line.match(/<<'?(\w+)'?/)?.[1];
    if (end !== undefined) {
      while (lines.length > 0) {
        const next = lines.shift()!;
        line = `${line}\n${next}`;
        if (next === end) break;
      }
    }
    found.push(line);
  }
  return found;
}

/** Inline code shows a heredoc by its first line. */
const completed = (code: string): string =>
  code.endsWith("<<'EOF'") ? `${code}\nSay "hello"\nEOF` : code;
