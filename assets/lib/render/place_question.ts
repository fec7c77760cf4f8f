/** The question for a user who follows a turn on a terminal, and what a typed line means. Pure. */
import type { Answer, PendingRequest } from "../events/request.ts";

/** What a typed line means. */
export type Typed =
  | { kind: "answer"; answer: Answer }
  /** The diff is wanted. */
  | { kind: "show" }
  /** It means nothing here. */
  | { kind: "again" };

/**
 * The question after the request's own line; null where it cannot be asked there: a
 * secret would be seen, and several answers do not fit on a line.
 */
export function placeQuestion(request: PendingRequest): string | null {
  switch (request.kind) {
    case "files":
      return `${request.id}: yes, no, or show the diff? [y/n/d] `;
    case "question": {
      const [only, ...others] = request.questions;
      if (!only || others.length > 0 || only.secret) return null;
      return `${request.id}: an answer, or no? [a TEXT/n] `;
    }
    case "elicitation":
      return request.url === null ? null : `${request.id}: yes or no? [y/n] `;
    default:
      return `${request.id}: yes or no? [y/n] `;
  }
}

/** What `line` means as the reply to `placeQuestion`. */
export function typedReply(request: PendingRequest, line: string): Typed {
  const said = line.trim();
  const word = said.toLowerCase();
  if (word === "n" || word === "no") {
    return { kind: "answer", answer: { kind: "decline" } };
  }
  if (request.kind === "question") {
    const [, text] = /^a\s+(\S.*)$/s.exec(said) ?? [];
    return text === undefined ? { kind: "again" } : {
      kind: "answer",
      answer: { kind: "answers", answers: { "": [text] } },
    };
  }
  if (word === "y" || word === "yes") {
    const answer: Answer = { kind: "accept", scope: "once", grant: null };
    return { kind: "answer", answer };
  }
  const wantsDiff = request.kind === "files" && /^d(iff)?$/.test(word);
  return { kind: wantsDiff ? "show" : "again" };
}
