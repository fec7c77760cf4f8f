/** The command `setup`, as `setup.ts` runs it. */
import { type Command, flag, stringOption } from "../cli/command.ts";
import { noteLine } from "../output/note.ts";
import { EXIT } from "../cli/errors.ts";
import { fromFileUrl } from "../system/file_url.ts";
import { CODEX_VERSION } from "./install_codex.ts";
import { reportJson, reportText } from "./report.ts";
import { runSetup } from "./run_setup.ts";

/** The verb `setup`. */
export const command: Command = {
  name: "setup",
  group: "keep",
  positionals: "none",
  summary: "find and pin codex, install the library and the launcher",
  usage: "[--codex PATH] [--install-codex] [--json]",
  details:
    `Run it once after installing or updating the skill; running it again is always safe.
Codex is looked for on PATH, then with mise and asdf. Turns older than 7 days are removed.
Exit codes: 0 done, 2 usage, 3 no codex that works, 7 the machine refused.`,
  examples: [
    "codex-server setup",
    "deno run -A setup.ts",
    "deno run --allow-read --allow-write --allow-env --allow-run=mise,codex,which setup.ts",
    "deno run -A setup.ts --codex /opt/codex/bin/codex",
  ],
  withoutLogin: true,
  options: [
    {
      name: "codex",
      type: "string",
      value: "PATH",
      help: "pin this codex instead of the first that is found",
    },
    {
      name: "install-codex",
      type: "boolean",
      help: `where no codex works, install ${CODEX_VERSION} from npm (400 MB)`,
    },
  ],
  async run({ args, json, stdout, stderr }) {
    const note = (line: string) => stderr(noteLine(line));
    const report = await runSetup({
      libraryDir: fromFileUrl(new URL("..", import.meta.url)).replace(
        /[\\/]$/,
        "",
      ),
      codex: stringOption(args, "codex"),
      installCodex: flag(args, "install-codex"),
      progress: note,
    });
    if (!json) report.warnings.forEach(note);
    stdout(json ? reportJson(report) : reportText(report));
    return EXIT.ok;
  },
};
