/** Surroundings that a call cannot work with; only the caller can change them. */

/** The caller's environment or directory cannot be used; the hint is the fix. */
export class BadSurroundings extends Error {
  override name = "BadSurroundings";

  constructor(message: string, readonly hint: string) {
    super(message);
  }
}

/**
 * The directory of the call.
 * @param instead is taken where that has no usable name, if it is an absolute path
 * @throws {BadSurroundings}
 */
export function currentDirectory(instead: string | null = null): string {
  try {
    return Deno.cwd();
  } catch (error) {
    if (instead?.startsWith("/")) return instead;
    const isGone = error instanceof Deno.errors.NotFound;
    throw new BadSurroundings(
      isGone
        ? "The directory of this call is gone"
        : "The directory of this call has a name that is not UTF-8",
      `${
        isGone ? "" : "rename it, or "
      }call from another one; new takes --cwd with an absolute path`,
    );
  }
}
