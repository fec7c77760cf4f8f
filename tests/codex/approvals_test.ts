import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  type Answer,
  answered,
  type Asked,
  askedBy,
  declined,
  UnfitAnswer,
} from "../../assets/lib/codex/approvals.ts";

const THERE = { threadId: "t", turnId: "u", itemId: "i", startedAtMs: 1 };

/** The request of the server in our words. */
function asked(
  method: string,
  params: Record<string, unknown>,
  item?: { type: string; id: string; [field: string]: unknown },
): Asked {
  const request = { id: 0, method, params: { ...THERE, ...params } };
  const found = askedBy("r1", request, { item, cwd: "/w" });
  if (!found) throw new Error(`${method} is not known`);
  return found;
}

const COMMAND = "item/commandExecution/requestApproval";
const FILES = "item/fileChange/requestApproval";
const PERMISSIONS = "item/permissions/requestApproval";
const QUESTION = "item/tool/requestUserInput";
const FORM = "mcpServer/elicitation/request";

const command = asked(COMMAND, {
  command: "rm -r build",
  cwd: "/repo",
  reason: "May I?",
  proposedExecpolicyAmendment: ["rm", "-r"],
});
const plain = asked(COMMAND, { command: "ls" });
const files = asked(FILES, { reason: null }, {
  type: "fileChange",
  id: "i",
  changes: [{ path: "/a", kind: { type: "add" }, diff: "x\n" }],
});
const WANTED = {
  network: { enabled: true },
  fileSystem: { read: null, write: ["/etc"] },
};
const permissions = asked(PERMISSIONS, { permissions: WANTED, reason: "need" });
const question = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  header: "H",
  question: `${id}?`,
  isOther: false,
  isSecret: false,
  options: null,
  ...more,
});
const one = asked(QUESTION, { questions: [question("colour")] });
const two = asked(QUESTION, { questions: [question("a"), question("b")] });
const form = asked(FORM, {
  serverName: "srv",
  mode: "form",
  message: "Fill in",
  requestedSchema: { type: "object", properties: { n: { type: "number" } } },
});
const link = asked(FORM, {
  serverName: "srv",
  mode: "url",
  message: "Go there",
  url: "https://example.com/x",
  elicitationId: "e",
});

const accept = (
  scope: "once" | "session" | "prefix" = "once",
  grant: unknown = null,
): Answer => ({ kind: "accept", scope, grant });
const says = (answers: Record<string, string[]>): Answer => ({
  kind: "answers",
  answers,
});
const DECLINE: Answer = { kind: "decline" };

Deno.test("requests of the server in our words", () => {
  assertEquals(command as unknown, {
    id: "r1",
    kind: "command",
    command: "rm -r build",
    cwd: "/repo",
    reason: "May I?",
    prefix: ["rm", "-r"],
  });
  assertEquals(files as unknown, {
    id: "r1",
    kind: "files",
    changes: [{
      path: "/a",
      kind: "add",
      added: 1,
      removed: 0,
      diff: "@@ -0,0 +1 @@\n+x\n",
    }],
    cwd: "/w",
    reason: null,
  });
  assertEquals(permissions as unknown, {
    id: "r1",
    kind: "permissions",
    permissions: WANTED,
    cwd: "/w",
    reason: "need",
  });
  assertEquals(form as unknown, {
    id: "r1",
    kind: "elicitation",
    server: "srv",
    message: "Fill in",
    schema: { type: "object", properties: { n: { type: "number" } } },
    url: null,
  });
  assertEquals((link as { url?: string }).url, "https://example.com/x");
});

Deno.test("newcomer A3: what a yes allows besides is told: a host, typing into a command, permissions, a directory", () => {
  const network = { host: "example.com", protocol: "https" };
  const more = asked(COMMAND, {
    command: "curl",
    kind: "writeStdin",
    networkApprovalContext: network,
    additionalPermissions: { network: { enabled: true } },
  });
  assertEquals(more as unknown, {
    id: "r1",
    kind: "command",
    command: "curl",
    cwd: "/w",
    reason: null,
    prefix: null,
    network,
    stdin: true,
    permissions: { network: { enabled: true } },
  });
  const root = asked(FILES, { grantRoot: "/etc" }) as { grant_root?: string };
  assertEquals(root.grant_root, "/etc");
});

Deno.test("a command that the request does not repeat is the item's", () => {
  const item = { type: "commandExecution", id: "i", command: "make" };
  const { command } = asked(COMMAND, {}, item) as unknown as {
    command: string;
  };
  assertEquals(command, "make");
});

Deno.test("Row D13: a question says whether it is secret and whether other answers are fine", () => {
  const options = [{ label: "Red", description: "Take Red" }];
  const { questions } = asked(QUESTION, {
    questions: [
      question("free"),
      question("picked", { options }),
      question("other", { options, isOther: true }),
      question("secret", { isSecret: true }),
    ],
  }) as unknown as {
    questions: { id: string; secret: boolean; free: boolean }[];
  };
  assertEquals(
    questions.map(({ id, secret, free }) => [id, secret, free]),
    [
      ["free", false, true],
      ["picked", false, false],
      ["other", false, true],
      ["secret", true, true],
    ],
  );
});

Deno.test("Row E11: what this tool cannot answer is not taken for something else", () => {
  for (
    const method of [
      "item/tool/call",
      "account/chatgptAuthTokens/refresh",
      "attestation/generate",
      "execCommandApproval",
      "something/new",
    ]
  ) {
    assertEquals(askedBy("r1", { id: 0, method, params: {} }), null);
  }
});

/** What the answer becomes on the wire; null where it does not fit. */
const TABLE: [name: string, asked: Asked, answer: Answer, wire: unknown][] = [
  ["a command, once", command, accept(), { decision: "accept" }],
  ["a command, for the session", command, accept("session"), {
    decision: "acceptForSession",
  }],
  ["a command, its prefix from now on", command, accept("prefix"), {
    decision: {
      acceptWithExecpolicyAmendment: { execpolicy_amendment: ["rm", "-r"] },
    },
  }],
  ["a prefix that codex did not propose", plain, accept("prefix"), null],
  ["a command, declined", command, DECLINE, { decision: "decline" }],
  ["a command, with text", command, says({ "": ["x"] }), null],
  ["files, once", files, accept(), { decision: "accept" }],
  ["files, for the session", files, accept("session"), {
    decision: "acceptForSession",
  }],
  ["files, by prefix", files, accept("prefix"), null],
  ["files, declined", files, DECLINE, { decision: "decline" }],
  ["files, with text", files, says({ "": ["x"] }), null],
  ["permissions, all for the turn", permissions, accept(), {
    permissions: {
      network: { enabled: true },
      fileSystem: { read: null, write: ["/etc"] },
    },
    scope: "turn",
  }],
  [
    "permissions, a part for the session",
    permissions,
    accept("session", { network: { enabled: true }, fileSystem: null }),
    { permissions: { network: { enabled: true } }, scope: "session" },
  ],
  ["permissions, declined: an empty grant", permissions, DECLINE, {
    permissions: {},
    scope: "turn",
  }],
  ["permissions, by prefix", permissions, accept("prefix"), null],
  ["permissions, with text", permissions, says({ "": ["x"] }), null],
  ["the only question", one, says({ "": ["Red"] }), {
    answers: { colour: { answers: ["Red"] } },
  }],
  ["a question by name, several choices", one, says({ colour: ["a", "b"] }), {
    answers: { colour: { answers: ["a", "b"] } },
  }],
  ["two questions", two, says({ a: ["1"], b: ["2"] }), {
    answers: { a: { answers: ["1"] }, b: { answers: ["2"] } },
  }],
  ["one of two without its name", two, says({ "": ["1"] }), null],
  ["a question that was not asked", two, says({ c: ["1"] }), null],
  ["a question, approved", one, accept(), null],
  ["a question, declined", one, DECLINE, { answers: {} }],
  [
    "a form, its values as JSON where they are",
    form,
    says({
      n: ["3"],
      s: ["three"],
      l: ["1", "x"],
    }),
    {
      action: "accept",
      content: { n: 3, s: "three", l: [1, "x"] },
      _meta: null,
    },
  ],
  ["a form without field names", form, says({ "": ["3"] }), null],
  ["a form for the session", form, accept("session"), null],
  ["a command in part", command, accept("once", {}), null],
  ["files in part", files, accept("once", {}), null],
  ["a form, declined", form, DECLINE, {
    action: "decline",
    content: null,
    _meta: null,
  }],
  ["a link, accepted", link, accept(), {
    action: "accept",
    content: null,
    _meta: null,
  }],
];

Deno.test("Row D10, Row D11, Row D13, Row D14: every kind of request and every answer", async (t) => {
  for (const [name, request, answer, wire] of TABLE) {
    await t.step(name, () => {
      if (wire !== null) return assertEquals(answered(request, answer), wire);
      const error = assertThrows(() => answered(request, answer), UnfitAnswer);
      assertMatch(error.message, /^[A-Z].*[^.]$/);
    });
  }
});

Deno.test("what declines a request is the same as the answer decline", () => {
  for (const request of [command, files, permissions, one, two, form, link]) {
    assertEquals(declined(request), answered(request, DECLINE));
  }
});
