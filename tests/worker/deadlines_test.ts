import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { fromFileUrl } from "@std/path";
import { times } from "../faults/fault.ts";
import { openLab, processesOf, until } from "../lab.ts";
import { assertNothingLeft } from "./killed.ts";

for (const engine of ["sdk", "app-server"]) {
  Deno.test(`B7 a turn over its deadline, or silent for too long, is stopped and leaves no process (${engine}) (Row D27)`, async (t) => {
    await using lab = await openLab();
    const cases: [flag: string, code: string, prompt: string][] = [
      ["--max-time", "timed_out", "play text words=99 over=30000"],
      ["--idle-timeout", "stalled", "play hang words=2"],
      ["--idle-timeout", "stalled", "play silent"],
    ];
    for (const [flag, code, prompt] of cases) {
      await t.step(`${flag}: ${prompt}`, async () => {
        const flags = ["--engine", engine, flag, "1.5"];
        const turnId = await lab.run(prompt, ...flags);
        const { status, error } = lab.result(turnId);
        assertEquals(status, "failed");
        assertEquals(error.code, code);
        assertMatch(error.message, /1\.5 s/);
        assert(error.hint !== "");
        await assertNothingLeft(lab);
      });
    }
  });

  Deno.test(`B27 codex's retries are told in out.txt and do not end the turn (${engine}) (Row D27)`, async () => {
    await using lab = await openLab();
    const turnId = await lab.run("play cut times=1", "--engine", engine);
    assertEquals(lab.result(turnId).status, "complete");
    assertMatch(Deno.readTextFileSync(lab.turn(turnId).out), /^\[retry\] /m);
    assertEquals(lab.server.turns().length, 2);
  });
}

Deno.test("B7 silence while a command runs is no stall", async () => {
  await using lab = await openLab();
  const run = async (engine: string) => {
    const turnId = await lab.run(
      "play sleep seconds=5",
      ...["--engine", engine, "--write", "--idle-timeout", "3.5"],
    );
    assertEquals([engine, lab.result(turnId).status], [engine, "complete"]);
  };
  await Promise.all(["sdk", "app-server"].map(run));
});

/** Plain functions: what a command yields comes back to the model at once. */
const PLAIN = ["--model", "gpt-5.5"];

Deno.test("B30 bug 8: a command that went to the background excuses no silence of the model", async () => {
  await using lab = await openLab();
  const turnId = await lab.run(
    "play background seconds=93",
    ...PLAIN,
    ...["--write", "--idle-timeout", "3"],
  );
  assertEquals(lab.result(turnId).error.code, "stalled");
  await until(() => processesOf("sleep 93").length === 0, "the command to end");
});

Deno.test("B29 bug 6: a turn that waits for a working sub-agent is not silent", async () => {
  await using lab = await openLab();
  const turnId = await lab.run(
    "play agents wait=1",
    ...PLAIN,
    ...["--config", "features.multi_agent_v2=true", "--idle-timeout", "4"],
  );
  assertEquals(lab.result(turnId).error, undefined);
  assertEquals(lab.result(turnId).text, "The agents have worked.");
});

/** A required MCP server that answers after so many seconds. */
const slowServer = (seconds: number, limit: number) =>
  `[mcp_servers.slow]
command = ${JSON.stringify(Deno.execPath())}
args = ["run", "-q", ${
    JSON.stringify(
      fromFileUrl(new URL("slow_mcp_server.ts", import.meta.url)),
    )
  }, "${seconds}"]
startup_timeout_sec = ${limit}
required = true
`;

Deno.test("B28 bug 5: a required MCP server that is slow to start is waited for, one that does not come is named", async () => {
  // Longer than any limit of ours was; the quick count shows that its start excuses silence.
  const seconds = times(9, 66);
  await using lab = await openLab({ config: slowServer(seconds, 120) });
  const turnId = await lab.run("hello", "--idle-timeout", "5");
  assertEquals(lab.result(turnId).error, undefined);
  assertEquals(lab.result(turnId).text, "You said: hello");
  await using other = await openLab({ config: slowServer(600, 2) });
  const failed = await other.run("hello");
  assertStringIncludes(other.result(failed).error.message, "slow");
});

Deno.test("B31 review A3: a turn that asks a person is not silent, however long it takes", async () => {
  await using lab = await openLab();
  const turnId = await lab.start(
    "play ask",
    ...["--approvals", "ask", "--approval-timeout", "0"],
    ...["--config", "features.default_mode_request_user_input=true"],
    ...["--idle-timeout", "3"],
  );
  await lab.chat(["wait", turnId, "--until-input"]);
  const silence = async () =>
    (await lab.json("status", turnId)).seconds_since_event;
  await until(async () => await silence() > 5, "five seconds of silence");
  const { state, pending } = await lab.json("status", turnId);
  assertEquals([state, pending[0].expires_at], ["running", null]);
  assertEquals((await lab.chat(["answer", turnId, "A"])).code, 0);
  await lab.chat(["wait", turnId]);
  assertEquals(lab.result(turnId).status, "complete");
});
