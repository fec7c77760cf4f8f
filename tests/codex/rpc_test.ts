import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  METHOD_NOT_FOUND,
  RpcClosed,
  RpcConnection,
  RpcError,
  RpcTimeout,
} from "../../assets/lib/codex/rpc.ts";
import { wirePair } from "../engines/wire_pair.ts";

Deno.test("Row C1: messages are JSON lines without a jsonrpc member", async () => {
  const pair = wirePair();
  const answer = pair.rpc.request("a/b", { text: "two\nlines" }, 1000);
  pair.rpc.notify("c");
  pair.rpc.notify("d", { x: 1 });
  pair.rpc.respond(7, { ok: true });
  pair.rpc.refuse("s", METHOD_NOT_FOUND, "no");
  assertEquals(pair.sent, [
    { id: 0, method: "a/b", params: { text: "two\nlines" } },
    { method: "c" },
    { method: "d", params: { x: 1 } },
    { id: 7, result: { ok: true } },
    { id: "s", error: { code: -32601, message: "no" } },
  ]);
  for (const line of pair.raw) {
    assertEquals(line.indexOf("\n"), line.length - 1);
  }
  await pair.feed('{"id":0,"result":[1]}\n');
  assertEquals(await answer, [1]);
  await pair.end();
});

Deno.test("Row B3: lines are put together however they were cut", async () => {
  const text = '{"method":"a","params":{"t":"é✓"}}\r\n' +
    '{"method":"b"}\n\n  \n{"id":3,"method":"c","params":{"u":1}}\n';
  for (const size of [1, 2, 7, 1000]) {
    const pair = wirePair();
    for (let at = 0; at < text.length; at += size) {
      await pair.feed(text.slice(at, at + size));
    }
    assertEquals(pair.notifications, [
      { method: "a", params: { t: "é✓" } },
      { method: "b", params: {} },
    ]);
    assertEquals(pair.requests, [{ id: 3, method: "c", params: { u: 1 } }]);
    assertEquals(pair.strays, []);
    await pair.end();
  }
});

Deno.test("answers find their requests in any order", async () => {
  const pair = wirePair();
  const [one, two] = [
    pair.rpc.request("one", {}, 1000),
    pair.rpc.request("two", {}, 1000),
  ];
  await pair.feed('{"id":1,"result":"second"}\n{"id":0,"result":"first"}\n');
  assertEquals(await Promise.all([one, two]), ["first", "second"]);
  await pair.end();
});

Deno.test("garbage, numbers, lists and answers that nobody waits for are strays", async () => {
  const pair = wirePair();
  const strays = [
    "WARN something",
    '{"cut": ',
    "7",
    "null",
    "[]",
    '{"id":99,"result":1}',
    "{}",
  ];
  await pair.feed(strays.join("\n") + '\n{"method":"still/here"}\n');
  assertEquals(pair.strays, strays);
  assertEquals(pair.notifications.length, 1);
  await pair.end();
});

Deno.test("the trace holds the messages both ways, and nothing that is none", async () => {
  const pair = wirePair();
  const asked = pair.rpc.request("a", {}, 1000);
  await pair.feed('garbage\n{"id":0,"result":1}\n');
  await asked;
  assertEquals(pair.traced, [
    ["out", '{"id":0,"method":"a","params":{}}'],
    ["in", '{"id":0,"result":1}'],
  ]);
  await pair.end();
});

Deno.test("a refusal is an error with its code, method and message", async () => {
  const pair = wirePair();
  const asked = pair.rpc.request("turn/steer", {}, 1000);
  asked.catch(() => {});
  await pair.feed('{"id":0,"error":{"code":-32600,"message":"no turn"}}\n');
  const error = await assertRejects(() => asked, RpcError, "no turn");
  assertEquals([error.code, error.method], [-32600, "turn/steer"]);
  await pair.end();
});

Deno.test("a request that is not answered in time fails and names its method", async () => {
  const pair = wirePair();
  await assertRejects(
    () => pair.rpc.request("slow/one", {}, 20),
    RpcTimeout,
    "slow/one",
  );
  // The answer comes too late: nobody is told, and nothing breaks.
  await pair.feed('{"id":0,"result":1}\n');
  assertEquals(pair.strays.length, 1);
  await pair.end();
});

Deno.test("the end of the connection ends every wait, and later requests fail at once", async () => {
  const pair = wirePair();
  const asked = pair.rpc.request("a/b", {}, 60_000);
  asked.catch(() => {});
  await pair.end();
  await pair.rpc.closed;
  const error = await assertRejects(() => asked, RpcClosed);
  assertStringIncludes(error.message, "a/b");
  await assertRejects(() => pair.rpc.request("c", {}, 60_000), RpcClosed);
});

Deno.test("a stream that breaks is told as a stray and closes the connection", async () => {
  const strays: string[] = [];
  const rpc = new RpcConnection({
    // deno-lint-ignore require-yield
    incoming: (async function* () {
      throw new Error("torn");
    })(),
    send: () => Promise.reject(new Error("broken pipe")),
  }, {
    notification() {},
    request() {},
    stray: (line) => strays.push(line),
  });
  rpc.notify("into the void"); // a broken pipe is not the sender's trouble
  await rpc.closed;
  assertEquals(strays, ["connection broke: torn"]);
});

Deno.test("Row B7: a message with a method and an id is a request of the server, its id a number or a string", async () => {
  const pair = wirePair();
  await pair.feed(
    '{"id":0,"method":"x"}\n{"id":"abc","method":"y","params":{"a":1}}\n{"id":null,"method":"z"}\n',
  );
  assertEquals(pair.requests, [
    { id: 0, method: "x", params: {} },
    { id: "abc", method: "y", params: { a: 1 } },
  ]);
  assertEquals(pair.notifications, [{ method: "z", params: {} }]);
  pair.rpc.respond("abc", {});
  assertEquals(pair.sent, [{ id: "abc", result: {} }]);
  await pair.end();
});

Deno.test("a handler that trips over one message does not end the connection, and a request is refused then", async () => {
  const pair = wirePair({
    notified: ({ method }) => {
      if (method === "bad") throw new Error("tripped");
    },
    asked: () => {
      throw new Error("canary-asked");
    },
  });
  const asked = pair.rpc.request("a", {}, 1000);
  await pair.feed(
    '{"method":"bad"}\n{"id":"b","method":"b"}\n{"method":"good"}\n{"id":0,"result":1}\n',
  );
  assertEquals(pair.notifications.length, 2);
  assertEquals(await asked, 1);
  assertEquals(pair.strays.length, 2);
  assertStringIncludes(pair.strays[0]!, "tripped");
  assertEquals(pair.sent.at(-1), {
    id: "b",
    error: { code: -32603, message: "canary-asked" },
  });
  await pair.end();
});
