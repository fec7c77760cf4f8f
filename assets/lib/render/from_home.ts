/** Paths below somebody's home, as they write them. Pure. */

/** `path` with `~` for `home`, where it lies there. */
export const fromHome = (path: string, home: string): string =>
  path === home
    ? "~"
    : path.startsWith(`${home}/`)
    ? `~${path.slice(home.length)}`
    : path;
