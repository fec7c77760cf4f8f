/** Texts that a user gives to questions and forms, as the protocol takes them. Pure. */
import type { Question } from "../events/thread_event.ts";

/** The answer does not fit the request; the message says what would. */
export class UnfitAnswer extends Error {
  override name = "UnfitAnswer";
}

/** The answers to `questions`, by id; the id `""` stands for the only one. */
export function questionAnswers(
  questions: Question[],
  answers: Record<string, string[]>,
): Record<string, { answers: string[] }> {
  const named = Object.entries(answers).map(([id, texts]) => {
    const question = id === "" && questions.length === 1
      ? questions[0]
      : questions.find((candidate) => candidate.id === id);
    if (!question) {
      const ids = questions.map((candidate) => candidate.id).join(", ");
      throw new UnfitAnswer(`Name the question with --question ID: ${ids}`);
    }
    return [question.id, { answers: texts }];
  });
  const given = Object.fromEntries(named);
  const missing = questions.filter(({ id }) => !(id in given)).map(({ id }) =>
    id
  );
  if (missing.length > 0) {
    throw new UnfitAnswer(
      `All questions are answered at once; missing: ${missing.join(", ")}`,
    );
  }
  return given;
}

/** Non-text form fields: the answer is parsed as JSON if it can be. */
export function formContent(
  answers: Record<string, string[]>,
  schema: unknown,
): Record<string, unknown> {
  const { properties = {} } = (schema ?? {}) as {
    properties?: Record<string, { type?: string }>;
  };
  const fields = Object.entries(answers).map(([name, texts]) => {
    if (name === "") {
      throw new UnfitAnswer(
        "A form is answered field by field with --question, or declined",
      );
    }
    const isText = properties[name]?.type === "string";
    const values = texts.map((text) => isText ? text : jsonOrText(text));
    return [name, values.length === 1 ? values[0] : values];
  });
  return Object.fromEntries(fields);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
