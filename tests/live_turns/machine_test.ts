import { assert, assertEquals } from "@std/assert";
import { existsSync } from "@std/fs/exists";
import { type Lab, openLab } from "../lab.ts";
import { metaOf } from "./turn_text.ts";
import { codexExec, wholeTurn } from "./whole_turn.ts";

const ENGINES = ["app-server", "sdk"];
const SANDBOXES = ["read-only", "workspace-write", "danger-full-access"];
/** Writes a file into the repository, if the sandbox lets it. */
const writes = (name: string) => `play patch name=${name} text=${name}`;

const has = (lab: Lab, path: string): boolean =>
  existsSync(`${lab.repo}/${path}`);

/** How plain codex runs a thread, and what continues of it may do then. */
const THEIRS: [flags: string[], sandbox: string, network: boolean][] = [
  [["--sandbox", "read-only"], "read-only", false],
  [["--sandbox", "workspace-write"], "workspace-write", false],
  [
    [
      ...["--sandbox", "workspace-write"],
      ...["-c", "sandbox_workspace_write.network_access=true"],
    ],
    "workspace-write",
    true,
  ],
];

for (const engine of ENGINES) {
  const on = ["--engine", engine];

  Deno.test(`a sandbox from config.toml holds, and the file stays byte-equal, whatever the sandbox (${engine})`, async () => {
    await using lab = await openLab({
      config: 'sandbox_mode = "workspace-write"',
    });
    const path = `${lab.home.codexHome}/config.toml`;
    const before = Deno.readTextFileSync(path);
    const turnId = await wholeTurn(lab, "new", ...on, writes("a.txt"));
    assert(has(lab, "a.txt"));
    assertEquals(metaOf(lab, turnId).sandbox, "workspace-write");
    for (const sandbox of SANDBOXES) {
      await wholeTurn(lab, "new", ...on, "--sandbox", sandbox, "hello");
    }
    await wholeTurn(lab, "continue", ...on, "--write", "--network", "more");
    assertEquals(Deno.readTextFileSync(path), before);
  });

  Deno.test(`continue repeats sandbox and network access of a thread that plain codex exec started, and never loosens them (${engine})`, async () => {
    await using lab = await openLab({
      config: 'sandbox_mode = "danger-full-access"',
    });
    for (const [index, [flags, sandbox, network]] of THEIRS.entries()) {
      const thread = await codexExec(lab, ...flags, "typed into codex");
      const go = ["continue", "--thread", thread, ...on];
      const name = `${index}.txt`;
      const meta = metaOf(lab, await wholeTurn(lab, ...go, writes(name)));
      assertEquals(
        [meta.sandbox, meta.network ?? false],
        [sandbox, network],
        name,
      );
      assertEquals(has(lab, name), sandbox !== "read-only", name);
      if (!network) continue;
      const tight = await wholeTurn(lab, ...go, "--write", "hello");
      assertEquals(metaOf(lab, tight).network, false);
    }
  });

  Deno.test(`Row D23: .git stays read-only in a workspace that may be written (${engine})`, async () => {
    await using lab = await openLab();
    const command = "touch%20.git/x%20%7C%7C%20echo%20refused";
    const turnId = await wholeTurn(
      lab,
      ...["new", ...on, "--write", `play command cmd=${command}`],
    );
    assert(lab.result(turnId).text.includes("refused"));
    assert(!has(lab, ".git/x"));
  });

  // That no secret is among it: F14.
  Deno.test(`commands see the user's environment, through the SDK only what its allow-list names (${engine})`, async () => {
    await using lab = await openLab();
    const { stdout } = await lab.chat(
      ["new", "--wait", "--json", ...on, "play command cmd=env"],
      { env: { MY_TOOL: "/opt/my tool", LANG: "C.UTF-8" } },
    );
    const environment = new Map<string, string>(
      JSON.parse(stdout).text.matchAll(/^(\w+)=(.*)$/gm).map(
        ([, name, value]: string[]) => [name, value],
      ),
    );
    const all = engine === "app-server";
    assertEquals(environment.get("MY_TOOL"), all ? "/opt/my tool" : undefined);
    assertEquals(environment.get("LANG"), "C.UTF-8");
    if (all) assert(environment.get("PATH")!.includes(lab.env.PATH!));
    for (const name of environment.keys()) {
      // By this one the guardian knows what codex started, whatever became of it.
      if (name === "CODEX_SERVER_NOTE") continue;
      assert(!name.startsWith("CODEX_SERVER_"), `${name} is a thing of ours`);
    }
  });
}
