/** Scenarios whose answer is only text. */

import { outputSchema } from "../model_request.ts";
import type { ModelRequest } from "../model_request.ts";
import { documentFor } from "../json_document.ts";
import type { SseStep } from "../play.ts";
import type { Parameters } from "../parameters.ts";
import { message, reasoning, response } from "../sse.ts";
import type { Scenario } from "./scenario.ts";

/** How many characters of a prompt are echoed. */
const ECHO_LIMIT = 2000;

/** The answer to every prompt that names no scenario; it fits the output schema where there is one. */
export function echo(request: ModelRequest): AsyncIterable<SseStep> {
  const prompt = Array.from(request.prompt).slice(0, ECHO_LIMIT).join("");
  const text = `You said: ${prompt}`;
  const schema = outputSchema(request);
  return response(
    request,
    message(
      schema === undefined
        ? words(text)
        : [JSON.stringify(documentFor(schema, text))],
    ),
  );
}

/** `text` in pieces of one word, the white space before it included. */
export function words(text: string): string[] {
  return text.match(/\s*\S+(?:\s+$)?/g) ?? [text];
}

/** `words=` numbered words spread evenly over `over=` milliseconds. */
function text(request: ModelRequest, parameters: Parameters) {
  const count = parameters.number("words", 20);
  const pieces = Array.from(
    { length: count },
    (_, index) => `${index === 0 ? "" : " "}word-${index + 1}`,
  );
  const pause = parameters.number("over", 0) / Math.max(1, count);
  return response(request, message(pieces, { pause }));
}

/** One word, `say=`, in one delta. */
function instant(request: ModelRequest, parameters: Parameters) {
  return response(request, message([parameters.text("say", "Done.")]));
}

/** A summary of the reasoning, `think=`, before the message `say=`. */
function reasoned(request: ModelRequest, parameters: Parameters) {
  const think = parameters.text("think", "**Weighing** the question");
  const say = parameters.text("say", "Thought about it.");
  return response(
    request,
    (async function* () {
      yield* reasoning(words(think));
      yield* message(words(say));
    })(),
  );
}

/** One message of `kb=` KiB in `deltas=` pieces. */
function long(request: ModelRequest, parameters: Parameters) {
  const size = parameters.number("kb", 64) * 1024;
  const count = parameters.number("deltas", 16);
  const line = "The quick brown fox jumps over the lazy dog, once more, ok.\n";
  const whole = line.repeat(Math.ceil(size / line.length)).slice(0, size);
  const step = Math.ceil(size / count);
  const pieces = Array.from(
    { length: count },
    (_, index) => whole.slice(index * step, (index + 1) * step),
  );
  return response(request, message(pieces));
}

/** What {@linkcode unicode} sends: a family emoji, CJK, combining marks, a flag, right-to-left text. */
export const UNICODE_PIECES = [
  "fam\u{1F468}\u200D",
  "\u{1F469}\u200D\u{1F467} 漢",
  "字 e",
  "\u0301 Z\u0351\u036B ",
  "\u{1F1E9}",
  "\u{1F1EA} שלום \u{1F680}",
];

/** Text whose grapheme clusters are split over deltas. */
function unicode(request: ModelRequest) {
  return response(request, message(UNICODE_PIECES));
}

/** What {@linkcode escapes} sends: colours, a title, the clipboard, a cleared screen, a link, C1 controls, bidi. */
export const ESCAPES_TEXT =
  "red \x1b[31mtext\x1b[0m title \x1b]0;owned\x07 clip \x1b]52;c;aGk=\x07 clear \x1b[2J\x1b[H " +
  "link \x1b]8;;http://example.com\x1b\\here\x1b]8;;\x1b\\ c1 \x9b31m bell \x07 back \b\b cr \roverwritten bidi \u202Eevil\u202C end";

/** Text that would steer a terminal. */
function escapes(request: ModelRequest) {
  return response(request, message([ESCAPES_TEXT]));
}

/** A document for the output schema, its strings `say=`; without a schema a plain one. */
function json(request: ModelRequest, parameters: Parameters) {
  const say = parameters.text("say", "text");
  const schema = outputSchema(request);
  const document = schema === undefined
    ? { answer: say }
    : documentFor(schema, say);
  return response(request, message([JSON.stringify(document)]));
}

/** Tells how many images came with the prompt. */
function images(request: ModelRequest) {
  return response(request, message([`images: ${request.images}`]));
}

/** The scenarios of this file by name. */
export const textScenarios: Record<string, Scenario> = {
  text,
  instant,
  reasoning: reasoned,
  long,
  unicode,
  escapes,
  json,
  images,
};
