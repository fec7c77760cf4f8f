/** `review`: lets codex review changes; a turn like any other. */
import { type Command, stringOption } from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import type { ParsedArguments } from "../cli/args.ts";
import { afterStart } from "./after_start.ts";
import { startTurn } from "./start_turn.ts";
import type { ReviewTarget } from "./review_target.ts";
import { REVIEW_OPTIONS } from "./turn_options.ts";

/** The verb `review`. */
export const command: Command = {
  name: "review",
  group: "start",
  positionals: "own",
  summary: "let codex review changes; returns a turn id at once",
  usage:
    "[--base BRANCH | --commit SHA [--title T] | --instructions TEXT] [flags]",
  details:
    `Without a choice the uncommitted changes are reviewed. Prints the same JSON document as
new; wait and result give the findings as text, result --json under review as well.
A base or commit that git does not know, and a review of nothing, are refused.`,
  examples: [
    "codex-server review",
    "codex-server review --base main --wait",
    'codex-server review --commit HEAD --title "Fix the parser"',
  ],
  options: [
    {
      name: "base",
      type: "string",
      value: "BRANCH",
      help: "review what this branch, tag or commit has not",
    },
    { name: "commit", type: "string", value: "SHA", help: "review one commit" },
    {
      name: "title",
      type: "string",
      value: "T",
      help: "what to call that commit",
    },
    {
      name: "instructions",
      type: "string",
      value: "TEXT",
      help: "review what the text says",
    },
  ],
  shared: { with: "new", options: REVIEW_OPTIONS },
  async run(invocation) {
    if (invocation.args.positionals.length > 0) {
      throw usageError(
        "review takes no prompt",
        'say it with --instructions "…"',
      );
    }
    const review = readTarget(invocation.args);
    const started = await startTurn(invocation, { review });
    return await afterStart(started, invocation);
  },
};

/** What to review, and what prompt.txt says of it. */
function readTarget(
  args: ParsedArguments,
): { target: ReviewTarget; prompt: string } {
  const base = stringOption(args, "base");
  const commit = stringOption(args, "commit");
  const instructions = stringOption(args, "instructions");
  const title = stringOption(args, "title");
  if (
    [base, commit, instructions].filter((choice) => choice !== null).length > 1
  ) {
    throw usageError("--base, --commit and --instructions exclude each other");
  }
  if (title !== null && commit === null) {
    throw usageError("--title goes with --commit");
  }
  for (const [name, value] of Object.entries({ base, commit, instructions })) {
    if (value !== null && value.trim() === "") {
      throw usageError(`--${name} must not be empty`);
    }
  }
  if (base !== null) {
    return {
      target: { type: "baseBranch", branch: base },
      prompt: `Review against ${base}`,
    };
  }
  if (commit !== null) {
    return {
      target: { type: "commit", sha: commit, title },
      prompt: `Review commit ${commit}`,
    };
  }
  if (instructions !== null) {
    return { target: { type: "custom", instructions }, prompt: instructions };
  }
  return {
    target: { type: "uncommittedChanges" },
    prompt: "Review the uncommitted changes",
  };
}
