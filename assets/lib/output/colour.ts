/** Colours for people. NO_COLOR turns them off, FORCE_COLOR on regardless: Deno reads both. */
import { stdoutIsTerminal } from "../system/stdio.ts";

// Ten lines of our own: `styleText` of node:util doubles the startup cost.
/** Colours and weights by name: the number of each in an escape sequence. */
export const CODES = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  cyan: 36,
};

/** A colour by its name. */
export type Colour = keyof typeof CODES;

/** Whether stdout output may be coloured. */
export const colourful = (): boolean => !Deno.noColor && stdoutIsTerminal();

/** `text` in a colour, where a terminal shows it. */
export const painted = (
  text: string,
  colour: Colour,
  on: boolean = colourful(),
): string => on && text !== "" ? `\x1b[${CODES[colour]}m${text}\x1b[0m` : text;
