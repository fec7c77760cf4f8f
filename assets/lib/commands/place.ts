/** The directory of a turn: a flag's, else the thread's own, else the caller's. */

/** Where a turn runs. */
export interface Place {
  /** A real path. */
  cwd: string;
  /** The thread worked in another directory so far. */
  moved: boolean;
  /** What people should know of it. */
  notes: string[];
}

/** The directories that a turn may run in; all but `home` are real paths. */
export interface Places {
  /** What `--cwd` says. */
  given: string | null;
  /** Where the thread has worked so far; null for a new thread. */
  home: string | null;
  /** Where the command was called. */
  here: string;
}

/** Chooses one; a thread's directory might be gone. */
export function placeOf({ given, home, here }: Places): Place {
  if (home === null) return { cwd: given ?? here, moved: false, notes: [] };
  const own = realDirectory(home);
  const cwd = given ?? own ?? here;
  if (cwd === own) return { cwd, moved: false, notes: [] };
  return {
    cwd,
    moved: true,
    notes: [
      own === null
        ? `the thread's directory ${home} is gone; it goes on in ${cwd}`
        : `the thread goes on in ${cwd}; so far it worked in ${home}`,
    ],
  };
}

function realDirectory(path: string): string | null {
  try {
    return Deno.statSync(path).isDirectory ? Deno.realPathSync(path) : null;
  } catch {
    return null;
  }
}
