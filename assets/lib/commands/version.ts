/** `version`: the versions of this tool and of what it runs on. */
import type { Command } from "../cli/command.ts";
import { documentLine } from "../output/json.ts";
import { readInstallConfig } from "../codex/install_config.ts";
import { noteLine } from "../output/note.ts";
import { terminalLine } from "../render/one_line.ts";
import { requireCodex } from "./checks.ts";
import { VERSION } from "../version.ts";

/** The verb `version`. */
export const command: Command = {
  name: "version",
  group: "keep",
  positionals: "none",
  summary: "print the versions of this tool, the pinned codex and Deno",
  usage: "",
  details:
    "Exit code 3 where the pinned codex is gone or cannot be run: run setup then.",
  examples: ["codex-server version", "codex-server version --json"],
  options: [],
  withoutLogin: true,
  async run({ json, stdout, stderr }) {
    const reading = readInstallConfig();
    const codex = reading.kind === "ok" ? reading.config : null;
    if (json) {
      stdout(
        documentLine({
          version: VERSION,
          codex_version: codex?.codex_version ?? null,
          codex_path: codex?.codex_path ?? null,
          deno_version: Deno.version.deno,
        }),
      );
    } else {
      const pinned = codex
        ? terminalLine(`codex ${codex.codex_version} (${codex.codex_path})`)
        : "codex not pinned yet";
      stdout(`codex-server ${VERSION}\n${pinned}\ndeno ${Deno.version.deno}\n`);
    }
    // The caller wants to know whether it works; without codex it does not.
    await requireCodex((line) => stderr(noteLine(line)));
    return 0;
  },
};
