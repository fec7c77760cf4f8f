import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { openLab } from "../lab.ts";
import { commandLine, onTerminal } from "../terminal.ts";

/** Names that a user may have exported and that chat.ts has no permission to read. */
const EXPORTED = {
  OPENAI_API_KEY: "sk-canary",
  CODEX_API_KEY: "sk-canary",
  CODEX_ACCESS_TOKEN: "canary",
  NO_COLOR: "1",
  LANG: "C.UTF-8",
  DENO_TRACE_PERMISSIONS: "0",
};

Deno.test("Row A17: chat.ts runs under exactly the seed's permission line, on a terminal too, without a prompt", async (t) => {
  await using lab = await openLab();
  const run = (...args: string[]) =>
    onTerminal(lab, commandLine(lab, args), { env: EXPORTED });
  const assertQuiet = (ran: { code: number; stdout: string }) => {
    assertEquals(ran.code, 0, ran.stdout);
    assert(!/Allow\?|Deno requests|NotCapable/i.test(ran.stdout), ran.stdout);
  };
  let turnId = "";
  let threadId = "";
  await t.step("new", async () => {
    const ran = await run("new", "--json", "hello");
    assertQuiet(ran);
    turnId = JSON.parse(ran.stdout).turn_id;
  });
  await t.step("wait", async () => {
    const ran = await run("wait", turnId);
    assertQuiet(ran);
    assertStringIncludes(ran.stdout, "You said: hello");
  });
  await t.step("status", async () => {
    assertQuiet(await run("status", turnId));
    const ran = await run("status", "--json", turnId);
    assertQuiet(ran);
    threadId = JSON.parse(ran.stdout).thread_id;
  });
  for (
    const args of [
      ["tail"],
      ["tail", "--follow"],
      ["result"],
      ["cancel", turnId],
      ["list-turns"],
      ["ps"],
      ["list"],
      ["list", "--here"],
      ["gc"],
      ["version"],
      ["help"],
      ["help", "new"],
      ["new", "--follow", "and this"],
      ["new", "--wait", "--label", "l", "--key", "k", "and that"],
      ["new", "--help"],
    ]
  ) {
    await t.step(args.join(" "), async () => assertQuiet(await run(...args)));
  }
  await t.step("show", async () => assertQuiet(await run("show", threadId)));
  await t.step("continue", async () => {
    assertQuiet(await run("continue", "--thread", threadId, "--wait", "more"));
  });
  await t.step("a prompt from a pipe", async () => {
    const line = commandLine(lab, ["new", "--wait", "-"]);
    const ran = await onTerminal(lab, `echo piped | ${line}`);
    assertQuiet(ran);
    assertStringIncludes(ran.stdout, "You said: piped");
  });
});

Deno.test("refusals on a terminal are one line, not a permission prompt", async (t) => {
  await using lab = await openLab();
  const auth = join(lab.home.codexHome, "auth.json");
  const refused = async (args: string[], code: number, says: string) => {
    const ran = await onTerminal(lab, commandLine(lab, args), {
      env: EXPORTED,
    });
    assertStringIncludes(ran.stdout, says);
    assertEquals(ran.code, code, ran.stdout);
    assertEquals(ran.stdout.trimEnd().split("\n").length, 1, ran.stdout);
  };
  await t.step("usage", () => refused(["new", ""], 2, "The prompt is empty"));
  await t.step("no login", async () => {
    Deno.renameSync(auth, `${auth}.away`);
    await refused(["new", "hi"], 2, "codex login");
  });
  await t.step("no login where the keyring may hold one", async () => {
    const toml = join(lab.home.codexHome, "config.toml");
    const text = Deno.readTextFileSync(toml);
    Deno.writeTextFileSync(
      toml,
      `cli_auth_credentials_store = "keyring"\n${text}`,
    );
    await refused(["new", "hi"], 2, "The login cannot be read");
  });
  await t.step(
    "where codex may not be asked, the command goes on",
    async () => {
      const config = join(lab.home.home, ".codex-server/config.json");
      const pinned = JSON.parse(Deno.readTextFileSync(config));
      const other = "/usr/bin/env";
      Deno.writeTextFileSync(
        config,
        JSON.stringify({ ...pinned, codex_path: other }),
      );
      await refused(["wait", "no-turn"], 6, "There is no turn no-turn");
    },
  );
});

Deno.test("what a loader variable of the caller says does not stop new", async (t) => {
  await using lab = await openLab();
  const loader = {
    LD_LIBRARY_PATH: "/usr/lib",
    LD_PRELOAD: "",
    LD_BIND_NOW: "1",
  };
  for (const [name, value] of Object.entries(loader)) {
    await t.step(`${name}=${value}`, async () => {
      const ran = await lab.chat(["new", "--wait", "hello"], {
        env: { [name]: value },
      });
      assertEquals(ran.code, 0, ran.stderr);
    });
  }
});

Deno.test("a model's escape sequences do not reach the terminal, and reach a pipe as they are", async () => {
  await using lab = await openLab();
  const ran = await onTerminal(
    lab,
    commandLine(lab, ["new", "--wait", "play escapes"]),
  );
  assertEquals(ran.code, 0, ran.stdout);
  // deno-lint-ignore no-control-regex
  assert(!/[\u0007\u0008\u001b\u009b\u202e]/.test(ran.stdout), ran.stdout);
  const piped = await lab.chat(["result"]);
  assertStringIncludes(piped.stdout, "\u001b[31m");
  for (const verb of ["tail", "result", "wait"]) {
    const shown = await onTerminal(lab, commandLine(lab, [verb]));
    // deno-lint-ignore no-control-regex
    assert(!/[\u0007\u0008\u001b\u009b]/.test(shown.stdout), verb);
    assertStringIncludes(shown.stdout, "red ␛[31m");
  }
});
