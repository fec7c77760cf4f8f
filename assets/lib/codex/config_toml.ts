/**
 * The few top-level strings of codex's config.toml that this tool needs before codex
 * runs. Not a TOML reader: codex itself reads the file, and what is not found here is
 * simply unknown.
 */
import { readTextIfExists } from "../system/files.ts";
import { codexHome } from "../system/paths.ts";

/** The text of `$CODEX_HOME/config.toml`, empty where there is none. */
export function readConfigToml(): string {
  try {
    return readTextIfExists(`${codexHome()}/config.toml`) ?? "";
  } catch {
    return ""; // codex will say what is wrong with it
  }
}

/** The string that a top-level `key = "value"` gives, or null. */
export function topLevelString(toml: string, key: string): string | null {
  const withoutMultiline = toml.replace(/("""|''')[\s\S]*?\1/g, '""');
  // Not `^`: that also matches after Unicode line separators, which a text can contain.
  const topLevel = withoutMultiline.split(/(?<![^\n])\s*\[/, 1)[0] ?? "";
  const match = topLevel.match(
    new RegExp(
      `(?<![^\\n])\\s*${key}\\s*=\\s*(?:"([^"\\\\]*)"|'([^']*)')`,
    ),
  );
  return match?.[1] ?? match?.[2] ?? null;
}
