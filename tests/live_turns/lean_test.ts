import { assert, assertEquals } from "@std/assert";
import { type Lab, openLab } from "../lab.ts";
import { metaOf } from "./turn_text.ts";

/** MCP servers that only note that they were started. */
const SERVERS = ["fake", "other-one"].map((name) => `
[mcp_servers.${name}]
command = "/bin/sh"
args = ["-c", "echo ${name} >> $HOME/started"]
startup_timeout_sec = 2
`).join("");

/** Which of the user's servers were started so far. */
function started(lab: Lab): string[] {
  try {
    const lines = Deno.readTextFileSync(`${lab.home.home}/started`).trim();
    return [...new Set(lines.split("\n"))].sort();
  } catch {
    return [];
  }
}

/** The backend's paths that have to do with apps and plugins. */
const appRequests = (lab: Lab): string[] =>
  lab.server.requests.map(({ path }) => path)
    .filter((path) => /\/ps\/(plugins|mcp)|\/connectors|\/apps/.test(path));

Deno.test("Row D29: --lean starts none of the user's MCP servers, apps and plugins, and leaves their configuration alone", async () => {
  await using lab = await openLab({ config: SERVERS });
  const path = `${lab.home.codexHome}/config.toml`;
  const before = Deno.readTextFileSync(path);
  const turnId = await lab.run("hello", "--lean");
  assertEquals(lab.result(turnId).text, "You said: hello");
  assertEquals(metaOf(lab, turnId).lean, true);
  assertEquals([started(lab), appRequests(lab)], [[], []]);
  assertEquals(Deno.readTextFileSync(path), before);
  // Without it they are started.
  await lab.run("hello");
  assertEquals(started(lab), ["fake", "other-one"]);
  assert(appRequests(lab).length > 0, "codex asks for apps and plugins");
});

Deno.test("Row D29: --ephemeral leaves no thread behind", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello", "--ephemeral");
  assertEquals(lab.result(turnId).text, "You said: hello");
  const thread = lab.result(turnId).thread_id;
  assertEquals((await lab.chat(["show", thread])).code, 6);
  assertEquals((await lab.chat(["continue", "more"])).code, 6);
});
