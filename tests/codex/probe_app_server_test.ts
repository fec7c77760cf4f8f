import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { probeAppServer } from "../../assets/lib/codex/probe_app_server.ts";
import { stateRoot } from "../../assets/lib/system/paths.ts";
import { processesOf, until } from "../lab.ts";
import { findCodex } from "../loopback/codex_binary.ts";
import { withHome } from "../turns/state_home.ts";

const codex = await findCodex();

/** The names in a directory; none when it is missing. */
const namesIn = (directory: string): string[] => {
  try {
    return Array.from(Deno.readDirSync(directory), ({ name }) => name);
  } catch {
    return [];
  }
};

Deno.test(
  "the probe shakes hands with the real codex and leaves nothing behind, least of all in CODEX_HOME",
  withHome(async (home) => {
    const { ok, said } = await probeAppServer(codex);
    assert(ok, said);
    assertMatch(said, /\/\d+\.\d+\.\d+/);
    assertEquals(namesIn(join(home, ".codex")), []);
    const left = namesIn(stateRoot()).filter((name) => name.includes("probe"));
    assertEquals(left, []);
    await until(() => processesOf(home).length === 0, "its processes to end");
  }),
);

Deno.test(
  "a codex that cannot be driven is told with the reason",
  withHome(async (home) => {
    const sh = (body: string) => {
      const path = join(home, `codex-${crypto.randomUUID()}`);
      Deno.writeTextFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
      return path;
    };
    const tooOld = '{"id":0,"error":{"code":-32600,"message":"too old"}}';
    const cases: [path: string, said: RegExp][] = [
      [sh("exit 3"), /initialize/],
      [sh("echo 'error: unrecognized subcommand'; exit 2"), /initialize/],
      [sh(`read -r _; echo '${tooOld}'; cat >/dev/null`), /too old/],
      [join(home, "nowhere"), /nowhere|No such file/],
    ];
    for (const [path, expected] of cases) {
      const { ok, said } = await probeAppServer(path);
      assertEquals(ok, false);
      assertMatch(said, expected);
    }
  }),
);

Deno.test(
  "a codex that stays after its input was closed is ended",
  withHome(async (home) => {
    const path = join(home, "staying");
    const answer = '{"id":0,"result":{"userAgent":"staying/1.0.0"}}';
    Deno.writeTextFileSync(
      path,
      `#!/bin/sh\nread line\necho '${answer}'\nexec sleep 111\n`,
      { mode: 0o755 },
    );
    assertEquals(await probeAppServer(path), {
      ok: true,
      said: "staying/1.0.0",
    });
    await until(() => processesOf(home).length === 0, "it to end", 5000);
  }),
);
