/** F: the pinned codex and the login. What is refused outright stands in tests/commands/preconditions_test.ts. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { SECRET_NAMES } from "../../assets/lib/codex/child_env.ts";
import { BOUND_BY_MODES, chatIn, runIn } from "./under.ts";
import { openLab, pinCodex, until } from "../lab.ts";
import { accessToken } from "../loopback/access_token.ts";
import { startTokenService } from "../login/token_service.ts";
import { assertNothingLeft } from "../worker/killed.ts";
import { endOf, failureOf, openQueue } from "./between_new_and_start.ts";
import { pinWrapper, writeWrapper } from "./pinned_wrapper.ts";
import {
  filesHolding,
  processTable,
  withDescendants,
} from "./process_table.ts";

const ENGINES = ["app-server", "sdk"];

/** What may become of a codex once it is pinned. */
const RUINS: [name: string, says: string, ruin: (path: string) => void][] = [
  ["F1 a codex that goes", "is gone", (path) => Deno.removeSync(path)],
  [
    "F2 a codex that loses its mode",
    "is not executable",
    (path) => Deno.chmodSync(path, 0o644),
  ],
  ["F3 a codex that becomes a directory", "is not a file", (path) => {
    Deno.removeSync(path);
    Deno.mkdirSync(path);
  }],
  [
    "F4 a codex that becomes a script without a #! line",
    "is neither a program nor a script with a #! line",
    (path) => Deno.writeTextFileSync(path, "echo hi\n"),
  ],
];

for (const [name, says, ruin] of RUINS) {
  Deno.test(`${name} between new and the worker's start ends the turn at once, its path and setup named`, async () => {
    await using queue = await openQueue();
    const { lab } = queue;
    const { path } = writeWrapper(lab);
    queue.pin(path);
    const turns = await Promise.all(
      ["auto", ...ENGINES].map((engine) =>
        lab.start("hello", "--engine", engine)
      ),
    );
    ruin(path);
    const opened = await queue.open();
    for (const turnId of turns) {
      const { code, message, hint } = await failureOf(lab, turnId);
      assertEquals(code, "codex_missing");
      assertEquals(message, `The pinned codex ${path} ${says}`);
      assertMatch(hint, /setup/);
    }
    // The fastest counts: a machine that is busy makes one slow, a fault makes all slow.
    const took = turns.map((turnId) => endOf(lab, turnId) - opened);
    assert(Math.min(...took) < 1000, `${took} ms`);
  });
}

Deno.test("F1 a codex that goes while it is being started is named as what is missing", async () => {
  await using lab = await openLab();
  for (const engine of ["auto", ...ENGINES]) {
    const { path } = pinWrapper(lab, 'rm "$0"; exit 127');
    const turnId = await lab.start("hello", "--engine", engine);
    const { code, message } = await failureOf(lab, turnId);
    assertEquals(code, "codex_missing", message);
    assertEquals(message, `The pinned codex ${path} is gone`);
  }
});

Deno.test("F5 a codex that was upgraded since setup works, and every turn notes it", async () => {
  await using lab = await openLab();
  const { path } = pinWrapper(lab);
  const quiet = await lab.chat(["new", "hello"]);
  assertEquals([quiet.code, quiet.stderr], [0, ""]);
  const upgrades = [
    () => Deno.writeTextFileSync(path, "# newer\n", { append: true }),
    () => Deno.utimeSync(path, new Date(0), new Date(0)),
    () => {
      Deno.copyFileSync(path, `${path}.new`);
      Deno.renameSync(`${path}.new`, path);
    },
  ];
  for (const upgrade of upgrades) {
    pinCodex(lab.home.home, path);
    upgrade();
    const ran = await lab.chat(["new", "--wait", "hello"]);
    assertEquals(ran.code, 0, ran.stderr);
    const [note] = ran.stderr.split("\n");
    assertMatch(
      note!,
      new RegExp(`^codex-server: note: .*${path} has changed`),
    );
    assertMatch(note!, /run setup again/);
  }
});

for (const engine of ENGINES) {
  Deno.test(`F7 the pinned codex runs, not the one that is first on PATH (${engine})`, async () => {
    await using lab = await openLab();
    const bin = join(lab.home.home, "bin");
    Deno.mkdirSync(bin);
    Deno.writeTextFileSync(
      join(bin, "codex"),
      `#!/bin/sh\necho ran >> '${bin}/ran'\nexit 1\n`,
    );
    Deno.chmodSync(join(bin, "codex"), 0o755);
    const env = { PATH: `${bin}:${lab.env.PATH}` };
    const ran = await lab.chat(
      ["new", "--engine", engine, "--wait", "hello"],
      { env },
    );
    assertEquals(ran.code, 0, ran.stderr);
    assertEquals(Array.from(Deno.readDirSync(bin), ({ name }) => name), [
      "codex",
    ]);
  });
}

Deno.test("F8 an auth.json that may not be read, is a directory or a FIFO is told, with the login guide", async () => {
  await using lab = await openLab();
  const path = join(lab.home.codexHome, "auth.json");
  const cases: [says: RegExp, make: () => void][] = [
    [/auth\.json: Permission denied/, () => Deno.chmodSync(path, 0)],
    [/auth\.json is not a file/, () => {
      Deno.removeSync(path);
      Deno.mkdirSync(path);
    }],
    [/auth\.json is not a file/, () => {
      Deno.removeSync(path);
      new Deno.Command("mkfifo", { args: [path] }).outputSync();
    }],
  ];
  for (const [says, make] of cases) {
    make();
    for (const args of [["new", "hi"], ["list-turns"]]) {
      const { code, stdout, stderr } = await chatIn(lab, args, {
        under: BOUND_BY_MODES,
      });
      assertEquals([code, stdout], [2, ""], stderr);
      assertMatch(stderr, says);
      assertMatch(stderr, /^codex-server: .* — .*`codex login`.*\n$/);
    }
  }
  assertEquals(lab.turnIds(), []);
});

for (const engine of ENGINES) {
  for (
    const [what, refusal, expiresInSeconds] of [
      ["expired", "refresh_token_expired", -60],
      ["was revoked", "refresh_token_invalidated", 3600],
    ] as const
  ) {
    Deno.test(`F10 a login that ${what} ends the turn with an error that says codex login (${engine})`, async () => {
      await using lab = await openLab();
      const path = join(lab.home.codexHome, "auth.json");
      const auth = JSON.parse(Deno.readTextFileSync(path));
      const token = accessToken({ expiresInSeconds });
      auth.tokens = { ...auth.tokens, id_token: token, access_token: token };
      Deno.writeTextFileSync(path, JSON.stringify(auth));
      await using service = await startTokenService(lab.home.home, refusal);
      const { stdout } = await lab.chat(
        ["new", "--engine", engine, "play status401"],
        { env: service.env },
      );
      const turnId = JSON.parse(stdout).turn_id;
      const { code, message, hint } = await failureOf(lab, turnId);
      assertEquals(code, "unauthorized", message);
      assertMatch(hint, /codex login/);
      const after = JSON.parse(Deno.readTextFileSync(path)).tokens;
      assertEquals(after.refresh_token, auth.tokens.refresh_token);
    });
  }
}

Deno.test("F11 an auth.json that others may read is warned of, and works", async () => {
  await using lab = await openLab();
  const path = join(lab.home.codexHome, "auth.json");
  for (const mode of [0o644, 0o640, 0o604]) {
    Deno.chmodSync(path, mode);
    const { code, stdout, stderr } = await lab.chat(["new", "hello"]);
    assertEquals(code, 0);
    assertEquals(JSON.parse(stdout).schema_version, 1);
    assertMatch(
      stderr,
      /^codex-server: note: auth\.json can be read .* 600.*\n$/,
    );
    assertEquals(Deno.statSync(path).mode! & 0o777, mode, "left as it is");
  }
  Deno.chmodSync(path, 0o600);
  assertEquals((await lab.chat(["list-turns"])).stderr, "");
});

Deno.test("F12 an auth.json that is empty for 300 ms is no reason to refuse", async () => {
  await using lab = await openLab();
  const path = join(lab.home.codexHome, "auth.json");
  const whole = Deno.readTextFileSync(path);
  for (const args of [["new", "hello"], ["list-turns"]]) {
    Deno.truncateSync(path);
    const timer = setTimeout(() => Deno.writeTextFileSync(path, whole), 300);
    const { code, stderr } = await lab.chat(args);
    clearTimeout(timer);
    assertEquals([code, stderr], [0, ""], args[0]);
  }
});

const storedIn = (store: string) => ({
  auth: "none" as const,
  config: `cli_auth_credentials_store = "${store}"`,
});
const KEYRING = storedIn("keyring");

Deno.test("F13 with the login in the keyring and no auth.json everything works", async () => {
  await using lab = await openLab({ config: KEYRING.config });
  // A codex that finds its login elsewhere than in this home.
  const elsewhere = join(lab.home.home, "elsewhere");
  await runIn(lab, ["cp", "-r", lab.home.codexHome, elsewhere]);
  Deno.removeSync(join(lab.home.codexHome, "auth.json"));
  const config = join(elsewhere, "config.toml");
  const text = Deno.readTextFileSync(config).replace(KEYRING.config, "");
  Deno.writeTextFileSync(config, text);
  const wrapper = pinWrapper(lab, `export CODEX_HOME='${elsewhere}'`);
  const chat = (...args: string[]) =>
    chatIn({ ...lab, codex: wrapper.path }, args);
  for (const engine of ENGINES) {
    const ran = await chat("new", "--engine", engine, "--wait", "hello");
    assertEquals(ran.code, 0, ran.stderr);
    assertMatch(ran.stdout, /^You said: hello$/m);
  }
  const status = await chat("status");
  assertEquals(JSON.parse(status.stdout).state, "complete");
  const asked = wrapper.commandLines().filter(([verb]) => verb === "login");
  assertEquals(asked, Array(3).fill(["login", "status"]));
});

Deno.test("F13 a keyring that cannot be read, or asked about, is not called logged out", async () => {
  await using lab = await openLab(KEYRING);
  // This codex finds no keyring on this machine, and says so.
  const unread = await lab.chat(["new", "hello"]);
  assertEquals(unread.code, 2);
  assertMatch(
    unread.stderr,
    /login cannot be read: codex says: .* — .*codex login/,
  );
  assert(!/logged out|not logged in/i.test(unread.stderr), unread.stderr);
  const { path } = pinWrapper(lab);
  Deno.removeSync(path);
  const gone = await lab.chat(["new", "hello"]);
  assertEquals(gone.code, 3);
  assertMatch(gone.stderr, /is gone — .*setup/);
  assertEquals((await lab.chat(["list-turns"])).code, 0);
});

Deno.test("F13 a keyring that holds no login is called that", async () => {
  await using lab = await openLab(storedIn("auto"));
  const { code, stderr } = await lab.chat(["new", "hello"]);
  assertEquals(code, 2);
  assertMatch(
    stderr,
    /Not logged in: the keyring holds no login — .*codex login/,
  );
});

/** One value for each secret name, found nowhere else. */
const CANARIES: Record<string, string> = Object.fromEntries(
  SECRET_NAMES.map((name) => {
    const canary = `canary-${name.toLowerCase()}-7f3a`;
    return [name, /URL/.test(name) ? `http://127.0.0.1:9/${canary}` : canary];
  }),
);
const CANARY = /canary-[a-z_]+-7f3a/;

for (const engine of ENGINES) {
  Deno.test(`F14 no secret name reaches codex, its commands, a request, a file or a command line (${engine})`, async () => {
    await using lab = await openLab();
    const flags = ["--engine", engine];
    if (engine === "app-server") flags.push("--trace");
    // What the dynamic linker says of its names goes to a stderr that nobody reads.
    const { code, stdout } = await lab.chat(
      ["new", ...flags, "play command cmd=env%3B%20sleep%202%3B%20echo%20over"],
      { env: CANARIES },
    );
    assertEquals(code, 0);
    const { turn_id } = JSON.parse(stdout);
    const family = () => {
      const table = processTable();
      const codex = table.filter(({ program, environment }) =>
        program === lab.codex && environment.includes(lab.home.home)
      );
      return withDescendants(table, codex.map(({ pid }) => pid));
    };
    const sleeps = () =>
      family().some(({ commandLine }) => commandLine.startsWith("sleep\0"));
    await until(sleeps, "the command to run");
    for (const { commandLine, environment } of family()) {
      assert(!CANARY.test(environment), `${commandLine}: ${environment}`);
    }
    for (const { commandLine } of processTable()) {
      assert(!CANARY.test(commandLine), commandLine);
    }
    const waited = await lab.chat(["wait", turn_id], { env: CANARIES });
    assertEquals(waited.code, 0);
    assertMatch(lab.result(turn_id).text, /^HOME=[^]*\nover\n?$/m);
    const { tokens } = JSON.parse(
      Deno.readTextFileSync(join(lab.home.codexHome, "auth.json")),
    );
    for (const { headers } of lab.server.turns()) {
      assertEquals(headers.authorization, `Bearer ${tokens.access_token}`);
    }
    assertEquals(JSON.stringify(lab.server.requests).match(CANARY), null);
    await assertNothingLeft(lab);
    const canaries = Object.values(CANARIES);
    for (const dir of [".codex-server", ".codex"]) {
      assertEquals(filesHolding(join(lab.home.home, dir), canaries), []);
    }
    for (const verb of ["status", "result", "tail", "list-turns", "list"]) {
      const { stdout } = await lab.chat([verb], { env: CANARIES });
      assertEquals(stdout.match(CANARY), null, verb);
    }
  });
}
