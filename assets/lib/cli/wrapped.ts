/** Lines of help, broken at blanks. */

const WIDTH = 80;

/**
 * `text` in lines of at most 80 columns where its words allow it. Blanks at its beginning
 * and between two words stay; in a command, what is in quotes is not broken.
 */
export function wrapped(
  text: string,
  { hang = 0, continued = "" }: {
    /** How far the second and further lines are indented. */
    hang?: number;
    /** What ends a line of a command that continues: the shell's backslash. */
    continued?: string;
  } = {},
): string[] {
  const words =
    text.match(continued ? /\s*(?:"[^"]*"|'[^']*'|\S)+/g : /\s*\S+/g) ?? [];
  const lines = [""];
  for (const [index, word] of words.entries()) {
    const last = index === words.length - 1;
    const line = lines.at(-1)!;
    const room = WIDTH - (last ? 0 : continued.length);
    if (line === "" || line.length + word.length <= room) {
      lines[lines.length - 1] = line + word;
    } else {
      lines[lines.length - 1] = line + continued;
      lines.push(" ".repeat(hang) + word.trimStart());
    }
  }
  return lines;
}
