import { assertEquals } from "@std/assert";
import {
  requiredServers,
  serversOf,
  splitConfig,
  withoutServers,
} from "../../assets/lib/codex/thread_config.ts";

Deno.test("G6 what may hold a secret goes to the thread, as codex reads it, and the rest to the command line", async () => {
  assertEquals(
    await splitConfig([
      'sandbox_mode="read-only"',
      "mcp_servers.a.command=run me",
      "mcp_servers.a.args = ['x', \"y\"]",
      "mcp_servers.a.env.TOKEN='one'",
      "mcp_servers.a.env.TOKEN=two=three",
      "model_providers={ p = { wire_api = 'responses' } }",
      "model_provider='p'",
      "model_reasoning_summary=detailed",
    ]),
    {
      argv: ['sandbox_mode="read-only"', "model_reasoning_summary=detailed"],
      thread: {
        mcp_servers: {
          a: {
            command: "run me",
            args: ["x", "y"],
            env: { TOKEN: "two=three" },
          },
        },
        model_providers: { p: { wire_api: "responses" } },
        model_provider: "p",
      },
    },
  );
});

Deno.test("the servers of a thread are those of the configuration and its own", async () => {
  const { thread } = await splitConfig([
    "mcp_servers.a.required=true",
    "mcp_servers.b.command='b'",
  ]);
  const servers = serversOf({ mcp_servers: { a: { command: "a" } } }, thread);
  assertEquals(servers, {
    a: { command: "a", required: true },
    b: { command: "b" },
  });
  assertEquals(requiredServers(servers), ["a"]);
  assertEquals(withoutServers(thread, servers), {
    mcp_servers: {
      a: { required: true, enabled: false },
      b: { command: "b", enabled: false },
    },
  });
});
