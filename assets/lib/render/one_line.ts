/** Text from outside on one line: it cannot forge a tagged line of ours. */
import { neutralText } from "./neutral_text.ts";

/** Everything that some reader takes for the end of a line, the separators of ASCII and NEL included. */
// deno-lint-ignore no-control-regex
const LINE_ENDS = /[\n-\r\u001c-\u001e\u0085\u2028\u2029]+/;

/** `text` with line ends, and the blanks around them, as single spaces. */
export const oneLine = (text: string): string =>
  text.split(LINE_ENDS).map((line) => line.trim()).filter((line) => line !== "")
    .join(" ");

/** The same for a piece of a longer text, whose blanks at the ends count. */
export const oneLinePiece = (text: string): string =>
  text.split(LINE_ENDS).join(" ");

/** Any `text` on one line, harmless on a terminal. */
export const terminalLine = (text: string): string =>
  neutralText(oneLine(text));
