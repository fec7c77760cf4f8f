import { assertEquals } from "@std/assert";
import type {
  PendingRequest,
  Question,
} from "../../assets/lib/events/request.ts";
import {
  placeQuestion,
  type Typed,
  typedReply,
} from "../../assets/lib/render/place_question.ts";

const HEAD = { id: "r1", expires_at: null };
const files: PendingRequest = {
  ...HEAD,
  kind: "files",
  changes: [],
  cwd: "/w",
  reason: null,
};
const command: PendingRequest = {
  ...HEAD,
  kind: "command",
  command: "make",
  cwd: "/w",
  reason: null,
  prefix: null,
};
const question = (...secrets: boolean[]): PendingRequest => ({
  ...HEAD,
  kind: "question",
  questions: secrets.map((secret, index): Question => ({
    id: `q${index}`,
    header: "",
    question: "?",
    secret,
    options: [],
    free: true,
  })),
});

const YES: Typed = {
  kind: "answer",
  answer: { kind: "accept", scope: "once", grant: null },
};
const NO: Typed = { kind: "answer", answer: { kind: "decline" } };
const text = (text: string): Typed => ({
  kind: "answer",
  answer: { kind: "answers", answers: { "": [text] } },
});
const AGAIN: Typed = { kind: "again" };

const TYPED: [request: PendingRequest, line: string, means: Typed][] = [
  [files, "y", YES],
  [files, " Yes \r", YES],
  [files, "n", NO],
  [files, "d", { kind: "show" }],
  [files, "", AGAIN],
  [files, "yy", AGAIN],
  [files, "a yes", AGAIN],
  [command, "y", YES],
  [command, "NO", NO],
  [command, "d", AGAIN],
  [question(false), "a Blue, mostly", text("Blue, mostly")],
  [question(false), "a n", text("n")],
  [question(false), "n", NO],
  [question(false), "y", AGAIN],
  [question(false), "a ", AGAIN],
];
for (const [request, line, means] of TYPED) {
  Deno.test(`in place ${JSON.stringify(line)} to ${request.kind} means ${means.kind}`, () => {
    assertEquals(typedReply(request, line), means);
  });
}

Deno.test("a question shows that its answer stands behind an a", () => {
  assertEquals(
    placeQuestion(question(false)),
    "r1: an answer, or no? [a TEXT/n] ",
  );
});

Deno.test("a secret, or several answers, are not asked for in place", () => {
  assertEquals(placeQuestion(question(true)), null);
  assertEquals(placeQuestion(question(false, false)), null);
  assertEquals(
    placeQuestion(files),
    "r1: yes, no, or show the diff? [y/n/d] ",
  );
});
