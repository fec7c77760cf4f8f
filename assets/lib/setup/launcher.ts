/** The launcher `~/.codex-server/bin/codex-server`: runs chat.ts with what it needs and no prompts. */
import { ensurePrivateDir, replaceFile } from "../system/files.ts";
import { launcherPath, stateRoot } from "../system/paths.ts";

/** Environment variables that chat.ts may read. */
export const LAUNCHER_ENV_NAMES: readonly string[] = [
  "PATH",
  "HOME",
  "USERPROFILE",
  "CODEX_HOME",
];

/** What the launcher lets chat.ts do; references/permissions.md gives the reason for each. */
export const LAUNCHER_PERMISSIONS: readonly string[] = [
  "--allow-read",
  "--allow-write",
  `--allow-env=${LAUNCHER_ENV_NAMES.join(",")}`,
  "--allow-run",
  "--allow-sys=uid,systemMemoryInfo",
];

/** What to do when there is no Deno any more. */
const GET_DENO =
  "install it with `npm install -g deno`, or see https://deno.com";

/** Writes the launcher for the Deno at `deno` and returns its path. */
export function writeLauncher(deno: string): string {
  const path = launcherPath();
  ensurePrivateDir(path.slice(0, path.lastIndexOf("/")));
  replaceFile(path, posixLauncher(deno, stateRoot()), 0o700);
  if (Deno.build.os === "windows") {
    replaceFile(`${path}.cmd`, windowsLauncher(deno, stateRoot()));
  }
  return path;
}

/**
 * The launcher for sh. It becomes Deno, so that signals, stdin and the exit code are
 * Deno's own. The library is named by its real path: a call that lasts, such as `wait`,
 * goes on with its own files when a setup replaces them.
 */
export const posixLauncher = (deno: string, root: string): string =>
  `#!/bin/sh
# Written by the setup of codex-server; run that again rather than editing this.
root=${quoted(root)}
deno=${quoted(deno)}
[ -f "$deno" ] && [ -x "$deno" ] || deno=$(command -v deno) || {
  echo ${quoted(`codex-server: Deno is gone — ${GET_DENO}`)} >&2
  exit 3
}
lib=$(CDPATH= cd -P -- "$root/lib" 2>/dev/null && pwd -P) || {
  echo ${
    quoted(
      "codex-server: The library in ~/.codex-server/lib is gone — run setup.ts of the skill again",
    )
  } >&2
  exit 7
}
# Deno takes /dev/null for a closed stdout, and the answer would be lost without a word.
{ true 3>&1; } 2>/dev/null || {
  echo ${
    quoted(
      "codex-server: stdout is closed, nothing was done — give the answer somewhere to go, or >/dev/null",
    )
  } >&2
  exit 7
}
# A worker outlives this call; a descriptor of the caller's that it kept would hold up
# whoever reads the other end.
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
exec "$deno" run -q --no-prompt ${
    LAUNCHER_PERMISSIONS.join(" ")
  } "$lib/chat.ts" "$@"
`;

/** The same for cmd.exe. */
export const windowsLauncher = (deno: string, root: string): string =>
  [
    "@echo off",
    "setlocal",
    `set "DENO=${deno.replaceAll("%", "%%")}"`,
    'if not exist "%DENO%" set "DENO=deno"',
    `"%DENO%" run -q --no-prompt ${LAUNCHER_PERMISSIONS.join(" ")} "${
      root.replaceAll("%", "%%")
    }\\lib\\chat.ts" %*`,
    "exit /b %ERRORLEVEL%",
    "",
  ].join("\r\n");

/** `text` as one word of sh, whatever it holds. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
