/** Paths below the home, as people write them. Pure. */

/** `path`, with `~` for `home` where it is inside. */
export const fromHome = (path: string, home: string): string =>
  path === home
    ? "~"
    : path.startsWith(`${home}/`)
    ? `~${path.slice(home.length)}`
    : path;
