/** Text of a turn on its way out: raw for programs, harmless on a terminal. */
import { neutralText } from "../render/neutral_text.ts";
import { stderrIsTerminal, stdoutIsTerminal } from "../system/stdio.ts";

/** All of `bytes`, as suits stdout's destination. */
export const shown = (bytes: Uint8Array): Uint8Array | string =>
  stdoutIsTerminal() ? harmless(bytes) : bytes;

/** The same for stderr. */
export const shownOnStderr = (bytes: Uint8Array): Uint8Array | string =>
  stderrIsTerminal() ? harmless(bytes) : bytes;

const harmless = (bytes: Uint8Array): string =>
  neutralText(new TextDecoder().decode(bytes));

/** The same for text that comes in pieces, which can cut a character. */
export function shownPieces(): (bytes: Uint8Array) => Uint8Array | string {
  if (!stdoutIsTerminal()) return (bytes) => bytes;
  const decoder = new TextDecoder();
  return (bytes) => neutralText(decoder.decode(bytes, { stream: true }));
}
