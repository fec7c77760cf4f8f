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
import type {
  Notification,
  RpcConnection,
} from "../../assets/lib/codex/rpc.ts";
import { newTranslation, translate } from "../../assets/lib/codex/translate.ts";
import { openThread, startTurn } from "../../assets/lib/codex/turn_calls.ts";
import type { WireItem } from "../../assets/lib/codex/wire.ts";
import { ROOT } from "../lab.ts";
import { findCodex } from "../loopback/codex_binary.ts";
import { plainRequest } from "./engine_stage.ts";
import { type Schema, SchemaBundle, type Shape } from "./json_schema.ts";

const bundle = new SchemaBundle(JSON.parse(
  await generated(
    "generate-json-schema",
    "codex_app_server_protocol.schemas.json",
  ),
));
const V2 = "definitions/v2";

/** One of the files in which the binary at hand tells its own protocol. */
async function generated(command: string, file: string): Promise<string> {
  const directory = Deno.makeTempDirSync();
  try {
    const { success } = await new Deno.Command(await findCodex(), {
      args: ["app-server", command, "--experimental", "--out", directory],
    }).output();
    assert(success, `codex app-server ${command} works`);
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
/** Those that the JSON schema leaves out too: raw items of the model. */
const allNotifications = new Set(
  all(
    await generated("generate-ts", "ServerNotification.ts"),
    /"method": "([^"]+)"/g,
  ),
);

const source = (name: string): string =>
  Deno.readTextFileSync(join(ROOT, "assets/lib/codex", `${name}.ts`));

/** All matches of the first group. */
function all(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), (match) => match[1]!);
}

Deno.test("Row C2: every method name in the code is one of the binary's", () => {
  const known = new Set([
    ...requests.keys(),
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
    assert(requests.has(method), `${method} is no request`);
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

/** A connection that only remembers what it was asked. */
function recorder() {
  const calls: { method: string; params: unknown }[] = [];
  const rpc = {
    request(method: string, params: unknown) {
      calls.push({ method, params });
      return Promise.resolve({
        thread: { id: "t" },
        turn: { id: "u" },
        config: { sandbox_mode: null, sandbox_workspace_write: null },
        sandbox: {
          type: "workspaceWrite",
          writableRoots: [],
          networkAccess: false,
          excludeTmpdirEnvVar: false,
          excludeSlashTmp: false,
        },
      });
    },
  } as unknown as RpcConnection;
  return { calls, rpc };
}

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
    const { calls, rpc } = recorder();
    const request = { ...plainRequest("hi", "/repo"), ...partial };
    await startTurn(rpc, await openThread(rpc, request), request);
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
const READ: Record<string, string[]> = {
  TokenUsageBreakdown: ["TokenUsageBreakdown"],
  RateLimitWindow: ["RateLimitWindow"],
  TurnError: ["TurnError"],
  WireTurn: ["Turn"],
  ThreadOpened: [
    "ThreadStartResponse",
    "ThreadResumeResponse",
    "ThreadForkResponse",
  ],
  WireItem: ["ThreadItem"],
  EffectiveConfig: ["Config"],
};

Deno.test("Row C2: the hand-picked types have the binary's fields, of types that it may send", async (t) => {
  const wire = await typesOf("codex/wire.ts");
  const types = { ...await typesOf("domain/permissions.ts"), ...wire };
  // Those that are only sent are held by the tests of what is sent.
  const sent = ["UserInput"];
  for (const [name, type] of Object.entries(wire)) {
    if (sent.includes(name)) continue;
    assert(READ[name], `${name} has no counterpart`);
    for (const definition of READ[name]) {
      await t.step(`${name} is ${definition}`, () => {
        const schema = bundle.at(`${V2}/${definition}`);
        assertEquals(unreadable(types, type, schema, name), []);
      });
    }
  }
});

/** A type as `deno doc` tells of it. */
interface DocType {
  kind: string;
  // deno-lint-ignore no-explicit-any
  value?: any;
}

interface DocProperty {
  name: string;
  optional?: boolean;
  tsType: DocType;
}

/** The exported types of a file of the library by name. */
async function typesOf(file: string): Promise<Record<string, DocType>> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", join(ROOT, "assets/lib", file)],
    stderr: "null",
  }).output();
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
  const [{ symbols }] = Object.values(nodes) as [{
    symbols: {
      name: string;
      declarations: { kind: string; def: Record<string, unknown> }[];
    }[];
  }];
  return Object.fromEntries(
    symbols.flatMap(({ name, declarations: [first] }) =>
      first!.kind === "interface"
        ? [[name, { kind: "typeLiteral", value: first!.def }]]
        : first!.kind === "typeAlias"
        ? [[name, first!.def.tsType as DocType]]
        : []
    ),
  );
}

/** What the binary may send that the type does not foresee. */
function unreadable(
  types: Record<string, DocType>,
  type: DocType,
  schema: Schema,
  where: string,
): string[] {
  const shapes = bundle.shapes(schema);
  const readings = alternatives(types, type);
  const unsent = readings.flatMap(fieldsOf).filter(({ name }) =>
    !shapes.some(({ properties, additional }) =>
      name in properties || (additional !== null && additional !== false)
    )
  ).map(({ name }) => `${where}.${name} is never sent`);
  const misread = shapes.flatMap(atoms).flatMap((atom) => {
    const tries = readings.map((one) => misfits(types, one, atom, where));
    return tries.toSorted((one, other) => one.length - other.length)[0] ?? [];
  });
  return [...unsent, ...misread];
}

/** The type, a union taken apart, a name replaced by what it stands for. */
function alternatives(
  types: Record<string, DocType>,
  type: DocType,
): DocType[] {
  if (type.kind === "union") {
    return type.value.flatMap((part: DocType) => alternatives(types, part));
  }
  const named = type.kind === "typeRef"
    ? types[type.value.typeName]
    : undefined;
  return named ? alternatives(types, named) : [type];
}

/** The shape for each single type or value that it allows. */
function atoms(shape: Shape): Shape[] {
  const { types, values } = shape;
  if (values) return values.map((value) => ({ ...shape, values: [value] }));
  return types ? types.map((type) => ({ ...shape, types: [type] })) : [shape];
}

const fieldsOf = (type: DocType): DocProperty[] =>
  type.kind === "typeLiteral" ? type.value.properties ?? [] : [];

function misfits(
  types: Record<string, DocType>,
  type: DocType,
  { types: names, values, properties, required }: Shape,
  where: string,
): string[] {
  if (type.kind === "keyword" && type.value === "unknown") return [];
  if (type.kind === "typeLiteral") {
    if (names?.[0] !== "object") return [`${where} may be ${names?.[0]}`];
    return fieldsOf(type).flatMap(({ name, optional, tsType }) => {
      const schema = properties[name];
      const inner = `${where}.${name}`;
      if (schema === undefined) return optional ? [] : [`${inner} is not sent`];
      // What has a default is always sent.
      const isRead = optional || required.includes(name) ||
        (typeof schema === "object" && "default" in schema) ||
        alternatives(types, tsType).some(({ value }) => value === "null");
      return [
        ...(isRead ? [] : [`${inner} may be missing`]),
        ...unreadable(types, tsType, schema, inner),
      ];
    });
  }
  if (type.kind === "array" && names?.[0] === "array") return [];
  if (type.kind === "literal") {
    const { string } = type.value;
    return values?.[0] === string ? [] : [`${where} may be ${values ?? names}`];
  }
  const sent = values
    ? values[0] === null ? "null" : typeof values[0]
    : names?.[0] === "integer"
    ? "number"
    : names?.[0];
  return sent === type.value ? [] : [`${where} may be ${sent}`];
}
