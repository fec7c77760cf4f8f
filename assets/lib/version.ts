/** The version of this library; SKILL.md and the README carry the same. */
export const VERSION = "1.0.0";
/** How this tool is called: what hints tell people and programs to run. */
export const LAUNCHER = "~/.codex-server/bin/codex-server";
/** The version of every JSON document, printed or in the turn directory. */
export const SCHEMA_VERSION = 1;
