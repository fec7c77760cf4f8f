/** rpc.jsonl holds what was said, and no secret. */
import { assert, assertEquals, assertFalse } from "@std/assert";
import { redactor, tracer } from "../../assets/lib/worker/trace.ts";

Deno.test("review A9, S3: of a configuration the names are kept, of secrets nothing", () => {
  const redact = redactor();
  const out = (message: unknown) => redact("out", JSON.stringify(message));
  const back = (message: unknown) => redact("in", JSON.stringify(message));
  out({ id: 1, method: "config/read", params: { cwd: "/w" } });
  const read = back({
    id: 1,
    result: {
      config: {
        mcp_servers: { zz: { env: { MY_VAR: "hush" }, args: ["hush"] } },
      },
      origins: { a: "hush" },
    },
  });
  assertFalse(read.includes("hush"), read);
  assert(read.includes("MY_VAR"));
  const opened = out({
    id: 2,
    method: "thread/start",
    params: { cwd: "/w", config: { "mcp_servers.x.env.A": "hush" } },
  });
  assertFalse(opened.includes("hush"), opened);
  assert(opened.includes('"cwd":"/w"'));
  const other = back({
    method: "future/thing",
    params: { headers: { a: "hush" }, accessToken: "hush", api_key: "hush" },
  });
  assertFalse(other.includes("hush"), other);
  const usage = { tokenUsage: { total: { totalTokens: 5 } }, delta: "a token" };
  assertEquals(JSON.parse(back({ method: "x", params: usage })).params, usage);
});

Deno.test("review A9: a trace is bounded, and says so", () => {
  const path = Deno.makeTempFileSync();
  const trace = tracer(path, 100);
  for (let i = 0; i < 50; i++) trace("in", JSON.stringify({ method: "m", i }));
  const lines = Deno.readTextFileSync(path).trim().split("\n");
  assert(lines.length < 10, `${lines.length} lines`);
  assert(lines.at(-1)!.includes("the trace is full"));
  Deno.removeSync(path);
});
