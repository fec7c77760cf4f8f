/** JSON that this language reads and codex does not: it would silently ignore the message. */

/** Codex's parser gives up at 128 levels; its message has a few around the value. */
const MAX_DEPTH = 100;

/** Why codex could not read `value`, as the end of a sentence; null when it can. */
export function flawForCodex(value: unknown, depth = 0): string | null {
  if (typeof value === "string") {
    return value.isWellFormed()
      ? null
      : "holds half a surrogate pair (\\ud800 to \\udfff alone)";
  }
  if (typeof value !== "object" || value === null) return null;
  if (depth === MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
  for (const [key, inner] of Object.entries(value)) {
    const flaw = flawForCodex(key) ?? flawForCodex(inner, depth + 1);
    if (flaw !== null) return flaw;
  }
  return null;
}
