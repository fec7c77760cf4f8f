/**
 * Runs the loopback model server by hand until it is killed:
 * `deno run -A tests/loopback/serve.ts --port 8080`. One line per request goes to stdout.
 */

import { parseArgs } from "@std/cli/parse-args";
import { startModelServer } from "./model_server.ts";

if (import.meta.main) {
  const { port } = parseArgs(Deno.args, { string: ["port"] });
  const server = await startModelServer({ port: Number(port ?? 0) });
  console.log(server.url);
  let told = 0;
  while (true) {
    await server.waitFor(() => server.requests.length > told, 2 ** 31 - 1);
    for (const request of server.requests.slice(told)) {
      console.log(
        `${request.method} ${request.path} ${
          JSON.stringify(request.prompt.slice(0, 80))
        }`,
      );
      told += 1;
    }
  }
}
