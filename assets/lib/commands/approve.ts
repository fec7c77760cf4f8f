/** `approve`: says yes to something that codex asks. */
import { type Command, flag, stringOption } from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import type { Answer } from "../events/request.ts";
import { answerRequest, ASKING_TURN_HELP } from "./answer_request.ts";
import { flawForCodex } from "./codex_json.ts";
import { TIMEOUT_OPTION } from "./tell_worker.ts";

/** The verb `approve`. */
export const command: Command = {
  name: "approve",
  group: "decide",
  positionals: "own",
  summary: "say yes to what a turn asks; the turn goes on with it",
  usage: "[TURN [REQUEST]] [--for-session | --always-prefix | --grant JSON]",
  details: `${ASKING_TURN_HELP}
status lists what waits under pending, diff shows the changes that wait for a yes.
Whoever answers first decides. Turns ask only when they were started with --approvals.`,
  examples: [
    "codex-server approve 6d03171f",
    "codex-server approve 6d03171f r1 --for-session",
  ],
  options: [
    {
      name: "for-session",
      type: "boolean",
      help: "the same for the rest of this turn",
    },
    {
      name: "always-prefix",
      type: "boolean",
      help: "for commands: allow the prefix that codex proposes from now on",
    },
    {
      name: "grant",
      type: "string",
      value: "JSON",
      help: "for permissions: grant only this part of what is asked",
    },
    TIMEOUT_OPTION,
  ],
  async run(invocation) {
    const { args } = invocation;
    const [turn, requestId, ...rest] = args.positionals;
    if (rest.length > 0) {
      throw usageError("Expected a turn, and a request if several wait");
    }
    const forSession = flag(args, "for-session");
    const alwaysPrefix = flag(args, "always-prefix");
    if (forSession && alwaysPrefix) {
      throw usageError("--for-session and --always-prefix exclude each other");
    }
    const answer: Answer = {
      kind: "accept",
      scope: forSession ? "session" : alwaysPrefix ? "prefix" : "once",
      grant: readGrant(stringOption(args, "grant")),
    };
    return await answerRequest({ turn, requestId, answer }, invocation);
  },
};

function readGrant(text: string | null): unknown {
  if (text === null) return null;
  try {
    const value = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null &&
      !Array.isArray(value);
    if (isObject && flawForCodex(value) === null) return value;
  } catch {
    // Refused below.
  }
  throw usageError(`--grant needs a JSON object, not ${JSON.stringify(text)}`);
}
