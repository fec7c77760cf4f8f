/** `version`: the versions of this tool and of what it runs on. */
import type { Command } from "../cli/command.ts";
import { documentLine } from "../output/json.ts";
import { readInstallConfig } from "../codex/install_config.ts";
import { VERSION } from "../version.ts";

/** The verb `version`. */
export const command: Command = {
  name: "version",
  group: "keep",
  positionals: "none",
  summary: "print the versions of this tool, the pinned codex and Deno",
  usage: "",
  examples: ["codex-server version", "codex-server version --json"],
  options: [],
  withoutLogin: true,
  run({ json, stdout }) {
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
        ? `codex ${codex.codex_version} (${codex.codex_path})`
        : "codex not pinned yet";
      stdout(`codex-server ${VERSION}\n${pinned}\ndeno ${Deno.version.deno}\n`);
    }
    return 0;
  },
};
