/** The verbs, each loaded only when it is called: starting up is most of what `new` costs. */
import { later } from "../system/later.ts";
import type { Command } from "./command.ts";

const verb = (path: string) => () =>
  later<{ command: Command }>(path, import.meta.url);

/** Verb → its file, in the order of the help. */
export const VERBS: Record<string, () => Promise<{ command: Command }>> = {
  "new": verb("../commands/new.ts"),
  "ask": verb("../commands/ask.ts"),
  "continue": verb("../commands/continue.ts"),
  "review": verb("../commands/review.ts"),
  "fork": verb("../commands/fork.ts"),
  "tail": verb("../commands/tail.ts"),
  "watch": verb("../commands/watch.ts"),
  "wait": verb("../commands/wait.ts"),
  "ps": verb("../commands/ps.ts"),
  "status": verb("../commands/status.ts"),
  "result": verb("../commands/result.ts"),
  "cancel": verb("../commands/cancel.ts"),
  "steer": verb("../commands/steer.ts"),
  "approve": verb("../commands/approve.ts"),
  "decline": verb("../commands/decline.ts"),
  "diff": verb("../commands/diff.ts"),
  "answer": verb("../commands/answer.ts"),
  "list-turns": verb("../commands/list_turns.ts"),
  "list": verb("../commands/list.ts"),
  "show": verb("../commands/show.ts"),
  "setup": verb("../setup/command.ts"),
  "gc": verb("../commands/gc.ts"),
  "version": verb("../commands/version.ts"),
  "help": verb("../commands/help.ts"),
};
