/** What a setup has done: the JSON document, and the same for people. */
import { jsonText } from "../events/json_text.ts";
import { terminalLine } from "../render/one_line.ts";
import { SCHEMA_VERSION } from "../version.ts";

/** What a setup has done. */
export interface SetupReport {
  codex_path: string;
  codex_version: string;
  launcher: string;
  /** The library's stable path. */
  lib: string;
  library_version: string;
  installed: "copied" | "unchanged" | "running from the installed copy";
  /** How many old turns were removed. */
  removed_turns: number;
  max_concurrent: number;
  /** The Deno that the launcher runs. */
  deno: string;
  /** Commands to run next, in this order. */
  next: string[];
  /** The line for a shell's profile that makes it a command; null if it is on PATH. */
  path_line: string | null;
  /** The rule that lets Claude Code run the launcher unasked. */
  permission_rule: string;
  /** What the user should know, a sentence each. */
  warnings: string[];
}

/** The report as one JSON document. */
export const reportJson = (report: SetupReport): string =>
  jsonText({ schema_version: SCHEMA_VERSION, ...report }) + "\n";

/** The report as lines for people; the warnings go elsewhere. */
export function reportText(report: SetupReport): string {
  const { removed_turns: removed, library_version: version } = report;
  const library = {
    "copied": `Copied the library ${version} to ${report.lib}`,
    "unchanged": `The library ${version} is already in ${report.lib}`,
    "running from the installed copy":
      `Left the library ${version} in ${report.lib} alone: this setup runs from it`,
  };
  return [
    `Pinned codex ${report.codex_version} at ${report.codex_path}`,
    library[report.installed],
    `Wrote the launcher ${report.launcher}`,
    ...(removed > 0
      ? [
        `Removed ${removed} ${
          removed === 1 ? "turn" : "turns"
        } older than 7 days`,
      ]
      : []),
    `At most ${report.max_concurrent} turns run at once (max_concurrent in config.json)`,
    "",
    ...report.next.map((command, i) =>
      `${i === 0 ? "Next:" : "Then:"} ${command}`
    ),
    "",
    ...(report.path_line === null ? [] : [
      "To call it as codex-server, put this into your shell's profile:",
      `  ${report.path_line}`,
    ]),
    "So that Claude Code runs it unasked, put this into ~/.claude/settings.json:",
    `  { "permissions": { "allow": [${
      JSON.stringify(report.permission_rule)
    }] } }`,
    // Names on PATH can contain anything.
  ].map((line) => line.startsWith("  ") ? line : terminalLine(line))
    .join("\n") + "\n";
}
