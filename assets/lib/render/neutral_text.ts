/**
 * Text from a model, made harmless for a terminal: control characters are shown instead
 * of obeyed, and direction marks cannot reorder what is read. It works character by
 * character, so no escape sequence slips through however the text was cut.
 */

const CONTROLS =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** `text` with every control but newline and tab replaced by a visible stand-in. */
export const neutralText = (text: string): string =>
  text.replace(CONTROLS, visible);

/** The Unicode control picture where there is one, else the code point in brackets. */
function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}
