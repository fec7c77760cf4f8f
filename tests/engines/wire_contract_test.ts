import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  type Answer,
  answered,
  askedBy,
  declined,
} from "../../assets/lib/codex/approvals.ts";
import type { TurnRequest } from "../../assets/lib/codex/engine.ts";
import { toItem } from "../../assets/lib/codex/items.ts";
import type { Notification } from "../../assets/lib/codex/rpc.ts";
import { newTranslation, translate } from "../../assets/lib/codex/translate.ts";
import type { WireItem } from "../../assets/lib/codex/wire.ts";
import { ROOT } from "../lab.ts";
import { findCodex } from "../loopback/codex_binary.ts";
import { recordedCalls, workspaceWrite } from "../codex/turn_request.ts";
import { type Schema, SchemaBundle } from "./json_schema.ts";

const bundle = new SchemaBundle(JSON.parse(
  await generated(
    ["generate-json-schema"],
    "codex_app_server_protocol.schemas.json",
  ),
));
const V2 = "definitions/v2";

/** Lets the binary at hand tell its own protocol. */
async function generate(command: string[], directory: string): Promise<void> {
  const { success } = await new Deno.Command(await findCodex(), {
    args: ["app-server", ...command, "--out", directory],
  }).output();
  assert(success, `codex app-server ${command[0]} works`);
}

/** One of the files in which it does. */
async function generated(command: string[], file: string): Promise<string> {
  const directory = Deno.makeTempDirSync();
  try {
    await generate(command, directory);
    return Deno.readTextFileSync(join(directory, file));
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** Method names and the schemas of their params. */
function methodsOf(union: string): Map<string, Schema> {
  const { oneOf } = bundle.at(`definitions/${union}`) as {
    oneOf: { properties: { method: { enum: [string] }; params?: Schema } }[];
  };
  return new Map(
    oneOf.map(({ properties: { method, params } }) => [
      method.enum[0],
      params ?? true,
    ]),
  );
}

const requests = methodsOf("ClientRequest");
const notifications = methodsOf("ServerNotification");
const serverRequests = methodsOf("ServerRequest");
const notices = methodsOf("ClientNotification");
/** With what the JSON schema leaves out: raw items of the model, and what is experimental. */
const TYPES = ["generate-ts", "--experimental"];
const namesIn = async (file: string) =>
  new Set(all(await generated(TYPES, file), /"method": "([^"]+)"/g));
const allRequests = await namesIn("ClientRequest.ts");
const allNotifications = await namesIn("ServerNotification.ts");

const source = (name: string): string =>
  Deno.readTextFileSync(join(ROOT, "assets/lib/codex", `${name}.ts`));

/** All matches of the first group. */
function all(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), (match) => match[1]!);
}

Deno.test("Row C2: every method name in the code is one of the binary's", () => {
  const known = new Set([
    ...allRequests,
    ...allNotifications,
    ...serverRequests.keys(),
    ...notices.keys(),
  ]);
  const found = new Set<string>();
  for (const { name } of Deno.readDirSync(join(ROOT, "assets/lib/codex"))) {
    const text = source(name.replace(/\.ts$/, "")).replace(
      /^\s*(\*|\/\/).*$/gm,
      "",
    );
    const names = all(text, /"([a-z][A-Za-z]*(?:\/[A-Za-z]+)+)"/g);
    for (const method of names) {
      found.add(method);
      assert(known.has(method), `${method}, named in ${name}, is no method`);
    }
  }
  assert(found.size > 25, `only ${found.size} names were found`);
});

Deno.test("Row C2: what is sent, translated and answered is of the right direction", () => {
  const sent = ["turn_calls", "app_server", "app_server_process"].flatMap(
    (name) => all(source(name), /request(?:<[^(]*>)?\(\s*"([^"]+)"/g),
  );
  assert(sent.length >= 4);
  for (const method of [...sent, "thread/resume", "thread/fork"]) {
    assert(allRequests.has(method), `${method} is no request`);
  }
  assert(notices.has("initialized"));
  const [told] = source("translate").split("default:", 1);
  const switched = told!.slice(told!.indexOf("export function translate("));
  const silent = told!.slice(told!.indexOf("const SILENT"));
  const translated = [
    ...all(switched, /case "([^"]+)":/g),
    ...all(silent.split("]")[0]!, /"([^"]+)"/g),
  ];
  assert(translated.length > 20);
  for (const method of translated) {
    assert(allNotifications.has(method), `${method} is no notification`);
  }
  const answeredHere = all(source("approvals"), /case "([^"]+\/[^"]+)":/g);
  assertEquals(answeredHere.length, 5);
  for (const method of answeredHere) {
    assert(serverRequests.has(method), `${method} is no request of the server`);
  }
});

/** Requests that between them use every field. */
const REQUESTS: Partial<TurnRequest>[] = [
  {},
  {
    model: "m",
    effort: "high",
    summary: "concise",
    sandbox: "workspace-write",
    network: true,
    addDirs: ["/extra"],
    images: ["/a.png", "https://example.com/a.png", "data:image/png;base64,"],
    skills: [{ name: "s", path: "/s/SKILL.md" }],
    mentions: [{ name: "m", path: "/m" }],
    schema: { type: "object" },
    ephemeral: true,
    approvalPolicy: "on-request",
    reviewer: "auto_review",
  },
  { sandbox: "read-only", approvalPolicy: "untrusted", effort: "minimal" },
  { sandbox: "danger-full-access", reviewer: "guardian_subagent" },
  {
    threadId: "t",
    approvalPolicy: {
      granular: {
        sandbox_approval: true,
        rules: false,
        mcp_elicitations: true,
      },
    },
  },
  { threadId: "t", fork: true, sandbox: "workspace-write" },
  { review: { type: "uncommittedChanges" } },
  { review: { type: "baseBranch", branch: "main" } },
  { review: { type: "commit", sha: "abc", title: "Title" } },
  { review: { type: "commit", sha: "abc", title: null } },
  { review: { type: "custom", instructions: "look" } },
];

Deno.test("Row C2: every request that is sent fits the binary's schema, field by field", async () => {
  for (const partial of REQUESTS) {
    const calls = await recordedCalls(partial, workspaceWrite());
    assert(calls.length >= 2);
    for (const { method, params } of calls) {
      assertEquals(bundle.problems(requests.get(method)!, params), [], method);
    }
  }
});

Deno.test("Row C2: every answer to the server fits the binary's schema", () => {
  const answers: Answer[] = [
    { kind: "accept", scope: "once", grant: null },
    { kind: "accept", scope: "session", grant: null },
    { kind: "accept", scope: "prefix", grant: null },
    { kind: "answers", answers: { x: ["one", "two"] } },
    { kind: "decline" },
  ];
  const responses: Record<string, string> = {
    "item/commandExecution/requestApproval":
      "CommandExecutionRequestApprovalResponse",
    "item/fileChange/requestApproval": "FileChangeRequestApprovalResponse",
    "item/permissions/requestApproval": "PermissionsRequestApprovalResponse",
    "item/tool/requestUserInput": "ToolRequestUserInputResponse",
    "mcpServer/elicitation/request": "McpServerElicitationRequestResponse",
  };
  for (const [method, response] of Object.entries(responses)) {
    const schema = bundle.at(`definitions/${response}`);
    for (const params of samplesOf(serverRequests.get(method)!)) {
      const asked = askedBy("r1", { id: 1, method, params })!;
      assertEquals(bundle.problems(schema, declined(asked)), [], method);
      for (const answer of answers) {
        let result: unknown;
        try {
          result = answered(asked, answer);
        } catch {
          continue; // it does not fit this kind; approvals_test.ts says when
        }
        assertEquals(bundle.problems(schema, result), [], method);
      }
    }
  }
});

/** Params with the required fields alone, and with all of them. */
const samplesOf = (schema: Schema): Record<string, unknown>[] =>
  [false, true].flatMap((full) =>
    bundle.samples(schema, { full }) as Record<string, unknown>[]
  );

Deno.test("Row C20: every item type of the binary keeps its id and has a name in snake_case", () => {
  const shapes = samplesOf(bundle.at(`${V2}/ThreadItem`));
  const types = new Set<string>();
  for (const item of shapes) {
    const { id, type } = toItem({ ...item, id: "item-7" } as WireItem);
    assertEquals(id, "item-7", String(item.type));
    assert(/^[a-z_]+$/.test(type), type);
    types.add(type);
  }
  assert(types.size >= 18, [...types].join(" "));
});

Deno.test("every notification of the binary is translated or kept, and none crashes", () => {
  assert(notifications.size > 80);
  for (const [method, schema] of notifications) {
    for (const params of samplesOf(schema)) {
      const fitted = "threadId" in params
        ? { ...params, threadId: "thread-1" }
        : params;
      const [state, events] = translate(newTranslation("thread-1"), {
        method,
        params: fitted,
      });
      assertEquals(state.threadId, "thread-1");
      for (const event of events) {
        assertEquals(typeof event.type, "string", method);
        assertEquals(JSON.parse(JSON.stringify(event)), event);
      }
    }
  }
});

Deno.test("every item of the binary goes through started and completed", () => {
  for (const item of samplesOf(bundle.at(`${V2}/ThreadItem`))) {
    let state = newTranslation("t");
    for (const method of ["item/started", "item/completed"]) {
      const notification: Notification = {
        method,
        params: { threadId: "t", turnId: "u", item },
      };
      const [next, events] = translate(state, notification);
      state = next;
      assertEquals(events.length, item.type === "userMessage" ? 0 : 1);
    }
    assertEquals(state.open.size, 0);
  }
});

/** The types of wire.ts that are read, and what the binary calls them. */
const READ: [type: string, ...sent: string[]][] = [
  ["TokenUsageBreakdown", "TokenUsageBreakdown"],
  ["RateLimitWindow", "RateLimitWindow"],
  ["TurnError", "TurnError"],
  ["WireTurn", "Turn"],
  ["ThreadOpened", "ThreadStartResponse", "ThreadResumeResponse"],
  ["ThreadOpened", "ThreadForkResponse"],
  ["WireItem", "ThreadItem"],
  ["EffectiveConfig", "Config"],
];

Deno.test("Row C2: the hand-picked types have the binary's fields, of types that it may send", async () => {
  const wire = join(ROOT, "assets/lib/codex/wire.ts");
  const names = all(source("wire"), /^export (?:interface|type) (\w+)/gm);
  // Those that are only sent are held by the tests of what is sent.
  const read = names.filter((name) => name !== "UserInput");
  assertEquals(read.sort(), [...new Set(READ.map(([name]) => name))].sort());
  const directory = Deno.makeTempDirSync();
  try {
    await generate(TYPES, directory);
    const lines = READ.flatMap(([type, ...sent]) =>
      sent.flatMap((name) => [
        `null! as Sent.${name} satisfies Wire.${type};`,
        // An item may have any field.
        type === "WireItem"
          ? ""
          : `null! as keyof Wire.${type} satisfies keyof Sent.${name};`,
      ])
    );
    const path = join(directory, "fits.ts");
    Deno.writeTextFileSync(
      path,
      [
        `import type * as Wire from "${wire}";`,
        `import type * as Sent from "./v2/index.ts";`,
        ...lines,
      ].join("\n"),
    );
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", "--unstable-sloppy-imports", path],
      env: { NO_COLOR: "1" },
    }).output();
    assert(success, new TextDecoder().decode(stderr));
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});
