/** The real codex behind a script that a test may watch, replace or take away. */
import { join } from "@std/path";
import { readTextIfExists } from "../../assets/lib/system/files.ts";
import { type Lab, pinCodex } from "../lab.ts";

/** A script that stands before codex. */
export interface Wrapper {
  path: string;
  /** The command lines that codex was started with, one array each. */
  commandLines(): string[][];
}

/** Writes a script that notes its arguments, then becomes the lab's codex. */
export function writeWrapper(lab: Lab, script = ""): Wrapper {
  const path = join(lab.home.home, `codex-${crypto.randomUUID()}`);
  const notes = `${path}.argv`;
  Deno.writeTextFileSync(
    path,
    `#!/bin/sh
{ printf '%s\\0' "$@"; printf '\\1'; } >> '${notes}'
${script}
exec '${lab.codex}' "$@"
`,
  );
  Deno.chmodSync(path, 0o755);
  return {
    path,
    commandLines: () =>
      (readTextIfExists(notes) ?? "").split("\u0001").slice(0, -1)
        .map((line) => line.split("\0").slice(0, -1)),
  };
}

/** The same, pinned as the codex of this lab. */
export function pinWrapper(lab: Lab, script = ""): Wrapper {
  const wrapper = writeWrapper(lab, script);
  pinCodex(lab.home.home, wrapper.path);
  return wrapper;
}
