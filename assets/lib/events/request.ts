/** What codex asks the user, in our words. */
import { type FileChange, hasChanges } from "./file_change.ts";
import { both, type Check, each, fieldsOf, has, mayHave } from "./shape.ts";

/** Something that codex asks the user. */
export type PendingRequest =
  & {
    id: string;
    /** When it is declined unless answered, ISO 8601; null where it waits for ever. */
    expires_at: string | null;
  }
  & (
    | {
      kind: "command";
      command: string;
      cwd: string | null;
      reason: string | null;
      /** The prefix that `--always-prefix` would allow from now on. */
      prefix: string[] | null;
      /** The host that the command wants to reach, where that is what is asked. */
      network?: { host: string; protocol: string };
      /** The command already runs: the request is to type into it. */
      stdin?: true;
      /** What the command would get beyond the sandbox. */
      permissions?: unknown;
    }
    | {
      kind: "files";
      changes: FileChange[];
      cwd: string | null;
      reason: string | null;
      /** The directory in which writing would be allowed from now on. */
      grant_root?: string;
    }
    | {
      kind: "permissions";
      permissions: unknown;
      cwd: string | null;
      reason: string | null;
    }
    | { kind: "question"; questions: Question[] }
    | {
      kind: "elicitation";
      server: string;
      message: string;
      schema: unknown;
      url: string | null;
    }
  );

/** An answer to a request, as a user gives it. */
export type Answer =
  | {
    kind: "accept";
    /** How far it reaches. */
    scope: "once" | "session" | "prefix";
    /** The part of the permissions that is granted; null for all that is asked. */
    grant: unknown;
  }
  | { kind: "decline" }
  /** Texts by question id; `""` stands for the only question. */
  | { kind: "answers"; answers: Record<string, string[]> };

/** One of the questions of a request. */
export interface Question {
  id: string;
  header: string;
  question: string;
  /** The answer must not be shown or stored. */
  secret: boolean;
  options: { label: string; description: string }[];
  /** Any other text is accepted. */
  free: boolean;
}

const REQUESTS = new Map<unknown, Check>([
  [
    "command",
    both(has("command"), ({ network }) => !network || has("host")(network)),
  ],
  ["files", both(hasChanges, mayHave("cwd", "grant_root"))],
  ["permissions", () => true],
  ["question", ({ questions }) => each(questions, has("id", "question"))],
  ["elicitation", both(has("server", "message"), mayHave("url"))],
]);

/** The request of an event is one that this version knows. */
export const hasRequest: Check = ({ request }): boolean =>
  has("id", "kind")(request) && mayHave("reason")(request) &&
  (REQUESTS.get(fieldsOf(request).kind)?.(fieldsOf(request)) ?? false);
