/** An MCP server on stdio that takes its time: `slow_mcp_server.ts SECONDS` until it answers `initialize`. */
const waitMs = Number(Deno.args[0]) * 1000;
let rest = "";
for await (
  const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())
) {
  const lines = (rest + text).split("\n");
  rest = lines.pop()!;
  for (const line of lines) {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) continue;
    if (method === "initialize") {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    const result = method === "initialize"
      ? {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "slow", version: "1.0.0" },
      }
      : method === "tools/list"
      ? { tools: [] }
      : {};
    console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  }
}
