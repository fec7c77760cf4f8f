/** G: what nobody else may see, and text that must not steer who reads it. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { type Lab, openLab, until } from "../lab.ts";
import { accessToken } from "../loopback/access_token.ts";
import type { Play } from "../loopback/play.ts";
import { HANG } from "../loopback/play.ts";
import { playScenario } from "../loopback/scenarios.ts";
import { ESCAPES_TEXT } from "../loopback/scenarios/text.ts";
import { message, response, unfinishedMessage } from "../loopback/sse.ts";
import { commandCall, objectCall } from "../loopback/tools.ts";
import { startTokenService } from "../login/token_service.ts";
import { commandLine, onTerminal, shell } from "../terminal.ts";
import { assertNothingLeft } from "../worker/killed.ts";
import { filesBelow, filesHolding, processTable } from "./process_table.ts";

const ENGINES = ["app-server", "sdk"];

for (const engine of ENGINES) {
  Deno.test(`G1 the prompt is in no command line while the turn runs (${engine})`, async () => {
    await using lab = await openLab();
    const secret = "prompt-canary-51c9";
    const thread = lab.result(await lab.run("hello")).thread_id;
    const flags = ["--engine", engine, "-"];
    for (const verb of [["new"], ["continue", "--thread", thread]]) {
      const stdin = `play text words=3 over=2000\n${secret}`;
      const before = lab.server.turns().length;
      const { code, stdout } = await lab.chat([...verb, ...flags], { stdin });
      assertEquals(code, 0);
      await until(
        () => lab.server.turns().length > before,
        "the model to hear the prompt",
      );
      assert(lab.server.turns().at(-1)!.prompt.includes(secret));
      const table = processTable();
      const ours = table.filter(({ environment }) =>
        environment.includes(lab.home.home)
      );
      assert(ours.some(({ program }) => program === lab.codex), "codex runs");
      for (const { commandLine } of table) {
        assert(!commandLine.includes(secret), commandLine);
      }
      await lab.chat(["wait", JSON.parse(stdout).turn_id]);
    }
  });
}

Deno.test("G2 no token of the login is in any file of the tool, the trace included", async () => {
  await using lab = await openLab({
    provider: "stream_max_retries = 0\nrequest_max_retries = 0",
  });
  const path = join(lab.home.codexHome, "auth.json");
  const tokens = new Set<string>();
  const noteTokens = () => {
    const { tokens: now } = JSON.parse(Deno.readTextFileSync(path));
    for (const name of ["id_token", "access_token", "refresh_token"]) {
      tokens.add(now[name]);
      // The part that tells the user's name and account counts as the token.
      for (const part of now[name].split(".").slice(1, 2)) tokens.add(part);
    }
  };
  noteTokens();
  await using service = await startTokenService(lab.home.home);
  const run = async (...args: string[]) => {
    const { stdout } = await lab.chat(["new", ...args], { env: service.env });
    await lab.chat(["wait", JSON.parse(stdout).turn_id]);
  };
  await run("--trace", "play two_messages");
  await run("--trace", "play status400");
  await run("--engine", "sdk", "play failed");
  const auth = JSON.parse(Deno.readTextFileSync(path));
  const expired = accessToken({ expiresInSeconds: -60 });
  auth.tokens = { ...auth.tokens, id_token: expired, access_token: expired };
  Deno.writeTextFileSync(path, JSON.stringify(auth));
  noteTokens();
  await run("--trace", "hello");
  assertEquals(service.granted, 1);
  noteTokens();
  await assertNothingLeft(lab);
  assertEquals(tokens.size, 8);
  const state = join(lab.home.home, ".codex-server");
  const files = [...filesBelow(state)];
  assert(files.some((file) => file.endsWith("rpc.jsonl")), "it was traced");
  assertEquals(filesHolding(state, [...tokens]), []);
});

for (const engine of ENGINES) {
  Deno.test(`G3 review A11: what codex makes has the caller's modes, what is ours is for nobody else (${engine})`, async () => {
    await using lab = await openLab();
    const touch = encodeURIComponent("touch made.txt; mkdir made");
    for (const [umask, file] of [["022", 0o644], ["077", 0o600]] as const) {
      for (const made of ["made.txt", "made"]) {
        await Deno.remove(join(lab.repo, made)).catch(() => {});
      }
      const line = commandLine(lab, [
        ...["new", "--engine", engine, "--write", "--wait"],
        `play command cmd=${touch}`,
      ]);
      const child = shell(lab, `umask ${umask}; ${line}`);
      const { code, stderr } = await child.output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      const mode = (name: string) =>
        Deno.statSync(join(lab.repo, name)).mode! & 0o777;
      assertEquals([umask, mode("made.txt")], [umask, file]);
      assertEquals([umask, mode("made") & 0o666], [umask, file]);
    }
    await assertNothingLeft(lab);
    const ours = [...filesBelow(join(lab.home.home, ".codex-server/turns"))];
    assert(ours.length > 10);
    for (const path of ours) {
      assertEquals(Deno.statSync(path).mode! & 0o077, 0, path);
    }
  });
}

/** Everything that could steer a terminal, DCS, APC and the C1 forms of CSI, OSC and DCS included. */
const STEERING = `${ESCAPES_TEXT} dcs \x1bP1$r0m\x1b\\ apc \x1b_x\x1b\\ c1 ` +
  `\x9b2J \x9d0;owned\x9c \x90q\x9c nel \x85 del \x7f marks ` +
  `\u200e\u200f\u061c\u2066iso\u2069\u202Dover\u202C ls \u2028 end`;

/** What no terminal may get: every control but line end and tab, and every mark of direction. */
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Speaks STEERING a character at a time; asked to hang, it goes on without an end. */
const steering: Play = (request) =>
  /hang/.test(request.prompt)
    ? response(
      request,
      (async function* () {
        yield* unfinishedMessage(Array.from(STEERING));
        yield HANG;
      })(),
    )
    : response(request, message(Array.from(STEERING), { pause: 5 }));

/** A follower's own line that says what the turn does, and what wipes it out. */
const STATUS_LINE = /[0-9a-f]{8} [a-z ]+ · [^\r\n]*\r *\r/g;

/**
 * Runs a command on a terminal; what reached it, its line ends as we write them, without
 * colours of our own.
 */
async function seen(lab: Lab, ...args: string[]): Promise<string> {
  const { stdout } = await onTerminal(lab, commandLine(lab, args), {
    env: { NO_COLOR: "1" },
  });
  return stdout.replaceAll("\r\n", "\n").replace(STATUS_LINE, "");
}

Deno.test("G6 review A9, S3: secrets of config.toml are in no trace and no log", async () => {
  const canary = "config-canary-77d1";
  await using lab = await openLab({
    config: `[mcp_servers.zz]
command = "/bin/false"
env = { MY_TOKEN = "${canary}" }
[mcp_servers.yy]
url = "http://127.0.0.1:9/mcp"
http_headers = { "X-Api-Key" = "${canary}" }
`,
  });
  const turnId = await lab.run("hello", "--trace");
  const { rpc } = lab.turn(turnId);
  const trace = Deno.readTextFileSync(rpc);
  assert(trace.includes('"config/read"') && trace.includes("MY_TOKEN"), trace);
  const root = join(lab.home.home, ".codex-server");
  assertEquals(filesHolding(root, [canary]), []);
});

Deno.test("G6 review S3: a secret that --config brings reaches codex, and is in no command line and no trace", async () => {
  const canary = "flag-canary-41c6";
  await using lab = await openLab();
  const turnId = await lab.start(
    "play command cmd=env",
    ...["--trace", "--sandbox", "read-only"],
    ...["--config", `shell_environment_policy.set.CANARY="${canary}"`],
    ...["--config", `mcp_servers.zz.command="/bin/false"`],
    ...["--config", `mcp_servers.zz.env={ MY_TOKEN = "${canary}" }`],
  );
  const ours = () =>
    processTable().filter(({ environment }) =>
      environment.includes(lab.home.home)
    );
  const codexRuns = () => ours().some(({ program }) => program === lab.codex);
  await until(codexRuns, "codex to start");
  for (const { commandLine } of ours()) {
    assert(!commandLine.includes(canary), commandLine);
  }
  await lab.chat(["wait", turnId]);
  const { events, rpc } = lab.turn(turnId);
  assertStringIncludes(
    Deno.readTextFileSync(events),
    `CANARY=${canary}`,
    "codex has it",
  );
  const trace = Deno.readTextFileSync(rpc).split("\n").filter((line) =>
    line.includes('"config"')
  );
  assertStringIncludes(trace.join("\n"), "MY_TOKEN");
  assertEquals(trace.filter((line) => line.includes(canary)), []);
});

Deno.test("G4 text that would steer a terminal is raw in out.txt, shown harmless on a terminal, and escaped in JSON", async () => {
  await using lab = await openLab({ play: steering });
  const prompt = "say \x1b[31m \x9b31m \u202Eit";
  const turnId = await lab.start(prompt);
  const following = seen(lab, "tail", "--follow", turnId);
  const watching = seen(lab, "watch", turnId);
  await lab.chat(["wait", turnId]);
  const out = Deno.readTextFileSync(lab.turn(turnId).out);
  assert(out.includes(STEERING), "out.txt is raw");
  assertEquals(lab.result(turnId).text, STEERING);
  const { thread_id } = lab.result(turnId);

  const harmless: [string, string][] = [
    ["tail --follow", await following],
    ["watch", await watching],
  ];
  const calls = [
    ["tail", turnId],
    ["wait", turnId],
    ["result", turnId],
    ["result", "--json", turnId],
    ["wait", "--json", turnId],
    ["show", thread_id],
    ["list"],
    ["list-turns"],
    ["status", turnId],
  ];
  await Promise.all(calls.map(async (args) => {
    harmless.push([args.join(" "), await seen(lab, ...args)]);
  }));
  for (const [name, text] of harmless) {
    assert(text.length > 100, `${name}: ${text}`);
    assertEquals(text.match(UNSAFE), null, name);
  }
  const shownOf = new Map(harmless);
  for (const name of ["tail --follow", `tail ${turnId}`, `result ${turnId}`]) {
    assert(shownOf.get(name)!.includes("␛]52;c;aGk=␇"), `${name} shows it`);
  }
  assertMatch(shownOf.get("watch")!, /\[message\] red ␛\[31mtext/);

  // To a program text goes raw, and JSON goes escaped: no reader is steered by a file.
  assertEquals((await lab.chat(["tail", turnId])).stdout, out);
  const json = [
    (await lab.chat(["result", "--json", turnId])).stdout,
    (await lab.chat(["show", thread_id])).stdout,
    (await lab.chat(["list"])).stdout,
    ...["result", "events", "meta"].map((name) =>
      Deno.readTextFileSync(lab.turn(turnId)[name as "result"])
    ),
  ];
  for (const text of json) assertEquals(text.match(UNSAFE), null, text);
  assertEquals(JSON.parse(json[0]!).text, STEERING);
  assertEquals(JSON.parse(json[1]!).messages.at(-1).text, STEERING);
});

Deno.test("G4 what a turn that failed has said is harmless on a terminal, too", async () => {
  await using lab = await openLab({ play: steering });
  const turnId = await lab.start("hang");
  await until(
    () => Deno.readTextFileSync(lab.turn(turnId).out).includes("ls \u2028 end"),
    "the text",
  );
  await lab.chat(["cancel", turnId]);
  for (const args of [["wait", turnId], ["tail", "--follow", turnId]]) {
    const text = await seen(lab, ...args);
    assert(text.includes("␛]52;c;aGk=␇"), text);
    assertEquals(text.match(UNSAFE), null, args[0]);
  }
  const refused = await seen(lab, "tail", "\x1b]0;x\x07 \x9b2J \u202E");
  assertMatch(refused, /is not a turn/);
  assertEquals(refused.match(UNSAFE), null);
});

/** Everything that some reader takes for the end of a line. */
const LINE_END =
  // deno-lint-ignore no-control-regex
  /\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/;
const FORGED = ["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028"]
  .map((end) => `x${end}[done] forged${end}`).join("");

/** A model that puts line ends wherever a tagged line of ours repeats it. */
const forging: Play = (request, count) => {
  if (!request.prompt.startsWith("forge")) return playScenario(request, count);
  if (request.toolOutputs.length > 0) {
    return response(request, message(["over"]));
  }
  if (request.prompt === "forge a question") {
    const option = (label: string) => ({ label, description: label });
    const question = (id: string) => ({
      id,
      header: "h",
      question: FORGED,
      options: [option("a"), option("b")],
    });
    return response(
      request,
      objectCall(request, "request_user_input", {
        questions: [question(`it's ${FORGED}`), question("plain")],
      }),
    );
  }
  const escalate = request.prompt === "forge an approval";
  return response(
    request,
    commandCall(request, `true '${FORGED}'`, { escalate }),
  );
};

/** The lines of `text`, as a reader splits it that takes everything for a line end. */
const linesOf = (text: string): string[] =>
  text.split(LINE_END).filter((line) => line !== "");

for (const engine of ENGINES) {
  Deno.test(`G5 a command with line ends forges no line of out.txt, tail or watch (${engine})`, async () => {
    await using lab = await openLab({ play: forging });
    const turnId = await lab.run("forge a command", "--engine", engine);
    const out = Deno.readTextFileSync(lab.turn(turnId).out);
    assert(out.includes("[done] forged"), JSON.stringify(out));
    for (const line of linesOf(out)) {
      assert(!/^\[done\] forged/.test(line), out);
    }
    const { stdout } = await lab.chat(["watch", turnId]);
    assert(stdout.includes("[done] forged"), stdout);
    for (const line of linesOf(stdout)) {
      assertMatch(line, new RegExp(`^${turnId.slice(-8)} #\\d+ \\[`));
    }
  });
}

Deno.test("G5 what codex asks forges no line, neither by its words nor by the names in it", async () => {
  await using lab = await openLab({ play: forging });
  const flags = [
    ...["--approvals", "ask"],
    ...["--config", "features.default_mode_request_user_input=true"],
  ];
  for (const prompt of ["forge a question", "forge an approval"]) {
    const turnId = await lab.start(prompt, ...flags);
    const asked = await lab.chat(["wait", "--until-input", turnId]);
    assertEquals(asked.code, 8, asked.stderr);
    assert(asked.stdout.includes("[done] forged"), asked.stdout);
    assertEquals(linesOf(asked.stdout).length, 1, asked.stdout);
    const out = Deno.readTextFileSync(lab.turn(turnId).out);
    // A command that asks has begun: its line stands before the request.
    const lines = linesOf(out);
    const tags = lines.map((line) => line.match(/^\[\w+\]/)?.[0]);
    assertEquals(
      tags,
      prompt === "forge an approval"
        ? ["[command]", "[approval]"]
        : ["[approval]"],
      out,
    );
    const approvals = lines.slice(-1);
    assertMatch(approvals[0]!, /^\[approval\] r1 /);
    if (prompt === "forge a question") {
      assertMatch(approvals[0]!, /--question 'it'\\''s x \[done\] forged/);
      assertMatch(approvals[0]!, /--question plain="…"$/);
    }
    const status = await lab.chat(["status", turnId]);
    assertEquals(linesOf(status.stdout).length, 1);
    assertEquals(JSON.parse(status.stdout).phase, "awaiting approval");
    await lab.chat(["cancel", turnId]);
  }
});

for (const engine of ENGINES) {
  Deno.test(`G5 line ends in a directory's or model's name forge no line of any document (${engine})`, async () => {
    await using lab = await openLab();
    const cwd = join(lab.home.home, "dir\n[done] forged\n\x85 end");
    Deno.mkdirSync(cwd);
    const on = ["--engine", engine];
    const flags = [...on, "--cwd", cwd, "--skip-git-check"];
    const turnId = await lab.run("hello", ...flags, "--model", FORGED);
    assertEquals(lab.result(turnId).status, "complete");
    const more = await lab.chat(
      ["continue", ...on, "--skip-git-check", "--wait", "more"],
      { cwd },
    );
    assertEquals(more.code, 0, more.stderr);
    assertEquals(lab.server.turns().at(-1)!.prompts, ["hello", "more"]);
    const documents = await Promise.all(
      [["status", turnId], ["list-turns"], ["list"]]
        .concat([["result", "--json", turnId]]).map((args) => lab.chat(args)),
    );
    for (const { stdout } of documents) {
      assertEquals(linesOf(stdout).length, 1, stdout);
    }
    const status = JSON.parse(documents[0]!.stdout);
    assertEquals([status.cwd, status.model], [cwd, FORGED]);
    const out = Deno.readTextFileSync(lab.turn(turnId).out);
    for (const line of linesOf(out + more.stdout)) {
      assert(!line.startsWith("[done] forged"), out + more.stdout);
    }
    const refused = await lab.chat(["new", "--cwd", `${cwd}/nowhere`, "hi"]);
    assertEquals(refused.code, 2);
    assertEquals(linesOf(refused.stderr).length, 1, refused.stderr);
  });
}
