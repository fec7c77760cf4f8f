/** What was answered with what, on one line: `approved r1: rm -rf build (command)`. Pure. */
import type { Answer, PendingRequest } from "../events/request.ts";
import { oneLine } from "./one_line.ts";
import { askedText } from "./request_line.ts";

/** The answer and its request; a secret answer and a form's content are left out. */
export function answeredLine(request: PendingRequest, answer: Answer): string {
  const what = `${askedText(request)} (${KINDS[request.kind]})`;
  return oneLine(
    `${verb(request, answer)}: ${what}${given(request, answer)}`,
  );
}

const KINDS: Record<PendingRequest["kind"], string> = {
  command: "command",
  files: "files",
  permissions: "permissions",
  question: "question",
  elicitation: "form",
};

function verb({ id }: PendingRequest, answer: Answer): string {
  if (answer.kind === "decline") return `declined ${id}`;
  if (answer.kind === "answers") return `answered ${id}`;
  const part = answer.grant === null ? "" : ", in part";
  switch (answer.scope) {
    case "once":
      return `approved ${id}${part}`;
    case "session":
      return `approved ${id} for the rest of the turn${part}`;
    case "prefix":
      return `approved ${id} and its prefix from now on`;
  }
}

function given(request: PendingRequest, answer: Answer): string {
  if (answer.kind === "accept" && answer.grant !== null) {
    return ` → ${JSON.stringify(answer.grant)}`;
  }
  if (answer.kind !== "answers" || request.kind !== "question") return "";
  const texts = Object.entries(answer.answers).map(([id, values]) => {
    const question = request.questions.find((asked) => asked.id === id) ??
      request.questions[0];
    return question?.secret ? "(not shown)" : values.join(", ");
  });
  return ` → ${texts.join("; ")}`;
}
