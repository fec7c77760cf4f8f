/** `list-turns`: the newest turns, as JSON. */
import { type Command, numberOption } from "../cli/command.ts";
import { jsonText } from "../events/json_text.ts";
import { inspectTurn } from "../turns/inspect.ts";
import { listTurnIds } from "../turns/store.ts";
import { checkRoot } from "../turns/root.ts";
import { SCHEMA_VERSION } from "../version.ts";

const DEFAULT_LIMIT = 20;

/** The verb `list-turns`. */
export const command: Command = {
  name: "list-turns",
  group: "follow",
  positionals: "none",
  summary: "list the newest turns, as JSON",
  usage: "[--limit N]",
  details: "Opens no more turn directories than it lists.",
  examples: ["codex-server list-turns --limit 5"],
  options: [
    {
      name: "limit",
      short: "n",
      type: "number",
      value: "N",
      help: `how many, the newest first (default ${DEFAULT_LIMIT})`,
    },
  ],
  run({ args, stdout }) {
    checkRoot();
    const limit = Math.floor(numberOption(args, "limit") ?? DEFAULT_LIMIT);
    const turns = listTurnIds().slice(0, limit).map((turnId) => {
      const { state, meta } = inspectTurn(turnId, { listed: true });
      if (meta.kind !== "ok") {
        return { turn_id: turnId, state, reason: meta.reason };
      }
      const { thread_id, started_at, cwd, model, label } = meta.meta;
      return {
        turn_id: turnId,
        state,
        thread_id,
        started_at,
        cwd,
        model,
        label,
      };
    }).filter(({ state }) => state !== "missing"); // swept while we looked
    stdout(jsonText({ schema_version: SCHEMA_VERSION, turns }) + "\n");
    return 0;
  },
};
