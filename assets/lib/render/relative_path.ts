/** Paths as people read them. Pure. */

/**
 * `path` from `cwd` on, where it lies below it; else as it is, so that what lies elsewhere
 * is seen to. A path with `..` in it is left alone.
 */
export function relativePath(path: string, cwd: string | null): string {
  if (cwd === null || /(^|\/)\.\.(\/|$)/.test(path)) return path;
  const base = cwd.endsWith("/") ? cwd : `${cwd}/`;
  const inside = path.startsWith(base) && path.length > base.length;
  return inside ? path.slice(base.length) : path;
}
