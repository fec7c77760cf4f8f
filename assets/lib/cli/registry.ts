/** The verbs, each loaded only when it is called: starting up is most of what `new` costs. */
import { later } from "../system/later.ts";
import type { Command } from "./command.ts";

const verb = <Module extends { command: Command }>(path: string) => () =>
  later<Module>(path, import.meta.url);

/** Verb → its file, in the order of the help. */
export const VERBS: Record<string, () => Promise<{ command: Command }>> = {
  "new": verb<typeof import("../commands/new.ts")>("../commands/new.ts"),
  "ask": verb<typeof import("../commands/ask.ts")>("../commands/ask.ts"),
  "continue": verb<typeof import("../commands/continue.ts")>(
    "../commands/continue.ts",
  ),
  "review": verb<typeof import("../commands/review.ts")>(
    "../commands/review.ts",
  ),
  "fork": verb<typeof import("../commands/fork.ts")>("../commands/fork.ts"),
  "tail": verb<typeof import("../commands/tail.ts")>("../commands/tail.ts"),
  "watch": verb<typeof import("../commands/watch.ts")>("../commands/watch.ts"),
  "wait": verb<typeof import("../commands/wait.ts")>("../commands/wait.ts"),
  "ps": verb<typeof import("../commands/ps.ts")>("../commands/ps.ts"),
  "status": verb<typeof import("../commands/status.ts")>(
    "../commands/status.ts",
  ),
  "result": verb<typeof import("../commands/result.ts")>(
    "../commands/result.ts",
  ),
  "cancel": verb<typeof import("../commands/cancel.ts")>(
    "../commands/cancel.ts",
  ),
  "steer": verb<typeof import("../commands/steer.ts")>("../commands/steer.ts"),
  "approve": verb<typeof import("../commands/approve.ts")>(
    "../commands/approve.ts",
  ),
  "decline": verb<typeof import("../commands/decline.ts")>(
    "../commands/decline.ts",
  ),
  "diff": verb<typeof import("../commands/diff.ts")>("../commands/diff.ts"),
  "answer": verb<typeof import("../commands/answer.ts")>(
    "../commands/answer.ts",
  ),
  "list-turns": verb<typeof import("../commands/list_turns.ts")>(
    "../commands/list_turns.ts",
  ),
  "list": verb<typeof import("../commands/list.ts")>("../commands/list.ts"),
  "show": verb<typeof import("../commands/show.ts")>("../commands/show.ts"),
  "setup": verb<typeof import("../setup/command.ts")>("../setup/command.ts"),
  "gc": verb<typeof import("../commands/gc.ts")>("../commands/gc.ts"),
  "version": verb<typeof import("../commands/version.ts")>(
    "../commands/version.ts",
  ),
  "help": verb<typeof import("../commands/help.ts")>("../commands/help.ts"),
};
