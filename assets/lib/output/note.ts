/** Notes for people on stderr: what was chosen, set aside or left out, and what is worth a look. */
import { terminalLine } from "../render/one_line.ts";

/** One note as a line for stderr, harmless on a terminal whatever it quotes. */
export const noteLine = (text: string): string =>
  `codex-server: note: ${terminalLine(text)}\n`;
