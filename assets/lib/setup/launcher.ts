/** The launcher `~/.codex-server/bin/codex-server`: runs chat.ts with what it needs and no prompts. */
import { ensurePrivateDir, replaceFile } from "../system/files.ts";
import { launcherPath, stateRoot } from "../system/paths.ts";

/** Environment variables that chat.ts may read. */
export const LAUNCHER_ENV_NAMES: readonly string[] = [
  "PATH",
  "HOME",
  "USERPROFILE",
  "CODEX_HOME",
  "CODEX_SERVER_STDIN",
];

/**
 * What the launcher lets chat.ts do besides running Deno, the pinned codex and the script
 * that becomes a worker; references/permissions.md gives the reason for each.
 */
export const LAUNCHER_PERMISSIONS: readonly string[] = [
  "--allow-read",
  "--allow-write",
  `--allow-env=${LAUNCHER_ENV_NAMES.join(",")}`,
  "--allow-sys=uid",
];

/** What to do when there is no Deno any more. */
const GET_DENO =
  "install it with `npm install -g deno`, or see https://deno.com";

/** What the launcher runs and lets run. */
export interface Launched {
  deno: string;
  /** The pinned codex. */
  codex: string;
  /** The state root. */
  root: string;
}

/** Writes the launcher for the Deno at `deno` and the pinned codex, and returns its path. */
export function writeLauncher(deno: string, codex: string): string {
  const launched = { deno, codex, root: stateRoot() };
  const path = launcherPath();
  ensurePrivateDir(path.slice(0, path.lastIndexOf("/")));
  replaceFile(path, posixLauncher(launched), 0o700);
  if (Deno.build.os === "windows") {
    replaceFile(`${path}.cmd`, windowsLauncher(launched));
  }
  return path;
}

/**
 * The launcher for sh. It execs Deno, so that signals, stdin and the exit code are Deno's
 * own. The library is named by its real path: a long call, such as `wait`, keeps its own
 * files when a setup replaces them. Only `setup` may run any program: the places of
 * codex, mise, asdf and npm are not known beforehand.
 */
export const posixLauncher = ({ deno, codex, root }: Launched): string =>
  `#!/bin/sh
# Written by the setup of codex-server; run that again rather than editing this.
root=${quoted(root)}
deno=${quoted(deno)}
run=${quoted([codex, deno].map(escapeComma).join(","))}
[ -f "$deno" ] && [ -x "$deno" ] || {
  deno=$(command -v deno) || {
    echo ${quoted(`codex-server: Deno is gone — ${GET_DENO}`)} >&2
    exit 3
  }
  # npm's deno is a script; what it starts goes by another name, and starts the workers.
  itself=$("$deno" eval -p "Deno.execPath()" </dev/null 2>/dev/null)
  [ -x "$itself" ] && deno=$itself
  run=${quoted(`${escapeComma(codex)},`)}$deno
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
closing=$lib/system/close_descriptors.sh
[ ! -f "$closing" ] || . "$closing"
if [ "\${1-}" = setup ]; then
  shift
  exec "$deno" run -q --no-prompt -A "$lib/setup.ts" "$@"
fi
# What stdin is costs nothing to find out here, and a third of a start in Deno.
CODEX_SERVER_STDIN=none
[ ! -p /dev/stdin ] || CODEX_SERVER_STDIN=pipe
[ ! -f /dev/stdin ] || [ ! -s /dev/stdin ] || CODEX_SERVER_STDIN=file
export CODEX_SERVER_STDIN
start=$lib/system/start_worker.sh
case $start in *,*) start=$(echo "$start" | sed 's/,/,,/g') ;; esac
exec "$deno" run -q --no-prompt ${
    LAUNCHER_PERMISSIONS.join(" ")
  } "--allow-run=$run,$start" "$lib/chat.ts" "$@"
`;

/** The same for cmd.exe. */
export const windowsLauncher = ({ deno, codex, root }: Launched): string =>
  [
    "@echo off",
    "setlocal",
    `set "DENO=${deno.replaceAll("%", "%%")}"`,
    'if not exist "%DENO%" set "DENO=deno"',
    `"%DENO%" run -q --no-prompt ${LAUNCHER_PERMISSIONS.join(" ")} ` +
    `"--allow-run=${escapeComma(codex).replaceAll("%", "%%")},%DENO%" "${
      root.replaceAll("%", "%%")
    }\\lib\\chat.ts" %*`,
    "exit /b %ERRORLEVEL%",
    "",
  ].join("\r\n");

/** Deno reads a doubled comma as one that belongs to the path. */
const escapeComma = (path: string): string => path.replaceAll(",", ",,");

/** Any `text` as one word of sh. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
