/** `answer`: answers a question or fills in a form that codex shows. */
import { type Command, listOption, stringOption } from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import { answerRequest, ASKING_TURN_HELP } from "./answer_request.ts";
import { stdinText } from "./stdin_text.ts";
import { TIMEOUT_OPTION, turnAndText } from "./tell_worker.ts";

/** The verb `answer`. */
export const command: Command = {
  name: "answer",
  group: "decide",
  positionals: "own",
  freeText: "text",
  summary: "answer a question that a turn asks",
  usage: '[TURN] ["<text>" | -] [--request REQUEST] [--question ID=TEXT]…',
  details: `${ASKING_TURN_HELP}
One question takes the text as it is, - reads it from stdin. Several questions, or
the fields of a form, are answered with --question, repeated for each (or for each of
several choices). An answer to a secret question is neither shown nor stored by this
tool.`,
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
    TIMEOUT_OPTION,
  ],
  async run(invocation) {
    const { args } = invocation;
    const { turn, text, fromStdin } = turnAndText(args);
    const named = listOption(args, "question");
    if ((text === undefined) === (named.length === 0)) {
      throw usageError(
        "Expected a text, or --question ID=TEXT for each question",
      );
    }
    if (text === "") {
      throw usageError("The text is empty", "decline gives no answer at all");
    }
    const answers: Record<string, string[]> = text === undefined
      ? byQuestion(named)
      : { "": [fromStdin ? await stdinText() : text] };
    return await answerRequest({
      turn,
      requestId: stringOption(args, "request") ?? undefined,
      answer: { kind: "answers", answers },
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
