/** Text of a turn on its way to stdout: raw for programs, harmless on a terminal. */
import { neutralText } from "../render/neutral_text.ts";
import { stdoutIsTerminal } from "../system/stdio.ts";

/** All of `bytes`, made fit for where stdout goes. */
export const shown = (bytes: Uint8Array): Uint8Array | string =>
  stdoutIsTerminal() ? neutralText(new TextDecoder().decode(bytes)) : bytes;

/** The same for text that comes in pieces, which may cut a character in two. */
export function shownPieces(): (bytes: Uint8Array) => Uint8Array | string {
  if (!stdoutIsTerminal()) return (bytes) => bytes;
  const decoder = new TextDecoder();
  return (bytes) => neutralText(decoder.decode(bytes, { stream: true }));
}
