/** Paths as people read them. Pure. */

/**
 * `path` relative to `cwd`, where it is below it; else unchanged, so that it is visibly
 * elsewhere. A path with `..` is left alone.
 */
export function relativePath(path: string, cwd: string | null): string {
  if (cwd === null || /(^|\/)\.\.(\/|$)/.test(path)) return path;
  const base = cwd.endsWith("/") ? cwd : `${cwd}/`;
  const inside = path.startsWith(base) && path.length > base.length;
  return inside ? path.slice(base.length) : path;
}
