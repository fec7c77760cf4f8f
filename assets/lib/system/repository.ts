/** The git repository of a directory, found in the file system; git is never run. */
import { lstatIfExists, statIfExists } from "./files.ts";

/**
 * The nearest directory, from `dir` upward, that has a `.git`: a directory, or the file of
 * a worktree or a submodule, each of which is a repository of its own. Null outside of one.
 */
export function gitTopLevel(dir: string): string | null {
  for (let at = dir;;) {
    if (hasGit(at)) return at;
    const parent = at.replace(/[\\/][^\\/]*[\\/]?$/, "");
    if (parent === at || parent === "") return hasGit("/") ? "/" : null;
    at = parent;
  }
}

/** What a directory belongs to, by its real path: its git repository, else itself. */
export function repositoryOf(dir: string): string {
  let real = dir;
  try {
    real = Deno.realPathSync(dir);
  } catch {
    // Gone or unreadable; its name still distinguishes turns.
  }
  return gitTopLevel(real) ?? real;
}

/** Sandboxes leave an empty `.git` behind as a mount point: only one with a HEAD counts. */
function hasGit(dir: string): boolean {
  const path = `${dir === "/" ? "" : dir}/.git`;
  try {
    const git = statIfExists(path);
    return git !== null &&
      (git.isFile || lstatIfExists(`${path}/HEAD`) !== null);
  } catch {
    return false; // an unreadable directory
  }
}
