/** The verbs, each loaded only when it is called: starting up is most of what `new` costs. */
import type { Command } from "./command.ts";

/** Verb → its file, in the order of the help. */
export const VERBS: Record<string, () => Promise<{ command: Command }>> = {
  "new": () => import("../commands/new.ts"),
  "ask": () => import("../commands/ask.ts"),
  "continue": () => import("../commands/continue.ts"),
  "review": () => import("../commands/review.ts"),
  "fork": () => import("../commands/fork.ts"),
  "tail": () => import("../commands/tail.ts"),
  "watch": () => import("../commands/watch.ts"),
  "wait": () => import("../commands/wait.ts"),
  "ps": () => import("../commands/ps.ts"),
  "status": () => import("../commands/status.ts"),
  "result": () => import("../commands/result.ts"),
  "cancel": () => import("../commands/cancel.ts"),
  "steer": () => import("../commands/steer.ts"),
  "approve": () => import("../commands/approve.ts"),
  "decline": () => import("../commands/decline.ts"),
  "diff": () => import("../commands/diff.ts"),
  "answer": () => import("../commands/answer.ts"),
  "list-turns": () => import("../commands/list_turns.ts"),
  "list": () => import("../commands/list.ts"),
  "show": () => import("../commands/show.ts"),
  "setup": () => import("../setup/command.ts"),
  "gc": () => import("../commands/gc.ts"),
  "version": () => import("../commands/version.ts"),
  "help": () => import("../commands/help.ts"),
};
