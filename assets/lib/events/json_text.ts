/**
 * JSON that is safe on a terminal: besides what JSON escapes by itself, DEL, the C1
 * controls and the marks that change the direction of text are escaped by their number.
 * They occur only in strings, so every parser reads the same value.
 */

const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** `value` as JSON, harmless on a terminal. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(
    UNSAFE,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
