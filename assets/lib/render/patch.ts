/** File changes that wait for a yes, as one patch in git's form. Pure. */
import type { FileChange } from "../events/thread_event.ts";
import { relativePath } from "./relative_path.ts";

/** The patch of `changes`, with paths relative to `cwd`, or absolute outside of it. */
export const patchOf = (changes: FileChange[], cwd: string | null): string =>
  changes.map((change) => filePatch(change, cwd)).join("");

function filePatch(change: FileChange, cwd: string | null): string {
  const { path, kind, move_path: movePath, diff = "" } = change;
  const old = relativePath(path, cwd);
  const now = relativePath(movePath ?? path, cwd);
  const [from, to] = [named("a", old), named("b", now)];
  const lines = [
    `diff --git ${from} ${to}`,
    ...(kind === "add" ? ["new file mode 100644"] : []),
    ...(kind === "delete" ? ["deleted file mode 100644"] : []),
    ...(movePath === undefined
      ? []
      : [`rename from ${quoted(old)}`, `rename to ${quoted(now)}`]),
    ...(diff === "" ? [] : [
      `--- ${kind === "add" ? "/dev/null" : from}`,
      `+++ ${kind === "delete" ? "/dev/null" : to}`,
    ]),
  ];
  const ended = diff === "" || diff.endsWith("\n") ? diff : `${diff}\n`;
  return lines.map((line) => `${line}\n`).join("") + ended;
}

/** Git's name of a file: with `a/` or `b/`, unless it is absolute. */
const named = (side: "a" | "b", path: string): string =>
  quoted(path.startsWith("/") ? path : `${side}/${path}`);

/** As git quotes what would end a line or a name. */
function quoted(path: string): string {
  // deno-lint-ignore no-control-regex
  if (!/[\u0000-\u001f\u007f"\\]/.test(path)) return path;
  const inside = path.replace(
    // deno-lint-ignore no-control-regex
    /[\u0000-\u001f\u007f"\\]/g,
    (character) =>
      character === '"' || character === "\\"
        ? `\\${character}`
        : `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
  return `"${inside}"`;
}
