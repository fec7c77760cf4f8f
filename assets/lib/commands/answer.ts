/** `answer`: answers a question or fills in a form that codex shows. */
import { type Command, listOption, stringOption } from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import type { Answer } from "../codex/approvals.ts";
import { readStdin } from "../system/stdio.ts";
import { LIVE_TURN_HELP } from "./name_turn.ts";
import { tellWorker, turnAndText } from "./tell_worker.ts";

/** The verb `answer`. */
export const command: Command = {
  name: "answer",
  group: "decide",
  positionals: "own",
  freeText: "text",
  summary: "answer a question that a turn asks",
  usage: '[TURN] ["<text>" | -] [--request REQUEST] [--question ID=TEXT]…',
  details: `${LIVE_TURN_HELP}
One question takes the text as it is, - reads it from stdin. Several questions, or
the fields of a form, are answered with --question, repeated for each (or for each of
several choices). An answer is never shown; one to a secret question is not stored
by this tool either.`,
  examples: [
    'codex-server answer 6d03171f "The second one"',
    "codex-server answer 6d03171f --question name=Ada --question color=blue",
  ],
  options: [
    {
      name: "request",
      type: "string",
      value: "REQUEST",
      help: "which request; needed only when several wait",
    },
    {
      name: "question",
      type: "list",
      value: "ID=TEXT",
      help: "answer the question or field with this id (repeatable)",
    },
  ],
  async run(invocation) {
    const { args } = invocation;
    const { turn, text } = turnAndText(args);
    const named = listOption(args, "question");
    if ((text === undefined) === (named.length === 0)) {
      throw usageError(
        "Expected a text, or --question ID=TEXT for each question",
      );
    }
    const answers = text === undefined
      ? byQuestion(named)
      : { "": [text === "-" && args.plain === 2 ? await stdinText() : text] };
    const answer: Answer = { kind: "answers", answers };
    const requestId = stringOption(args, "request") ?? "";
    return await tellWorker(turn, {
      kind: "answer",
      request_id: requestId,
      answer,
    }, invocation);
  },
};

function byQuestion(named: string[]): Record<string, string[]> {
  const answers: Record<string, string[]> = {};
  for (const given of named) {
    const at = given.indexOf("=");
    if (at < 1) throw usageError(`--question needs ID=TEXT`);
    (answers[given.slice(0, at)] ??= []).push(given.slice(at + 1));
  }
  return answers;
}

/** No answer to a question comes near, in bytes. */
const MAX_ANSWER = 1 << 20;

/** A last newline is the shell's, not the answer's. */
async function stdinText(): Promise<string> {
  const bytes = await readStdin(MAX_ANSWER);
  if (bytes === null) {
    throw usageError(`An answer may have ${MAX_ANSWER} bytes`, "shorten it");
  }
  if (bytes.length === 0) {
    throw usageError(
      "Nothing came in: stdin was empty",
      "check the command that was to write it",
    );
  }
  return new TextDecoder().decode(bytes).replace(/\r?\n$/, "");
}
