import { assertEquals, assertMatch } from "@std/assert";
import { holdTurn, makeTurnIn } from "../faults/held_turn.ts";
import { type Lab, openLab } from "../lab.ts";
import { commandLine, linesOnTerminal, onTerminal } from "../terminal.ts";
import { idAt } from "../turns/state_home.ts";

const NOW = Date.now();

/** A turn that ended, `agoMs` ago, after `tookMs`. */
function endedTurn(
  lab: Lab,
  { agoMs, tookMs, marker = "done", ...meta }: {
    agoMs: number;
    tookMs: number;
    marker?: "done" | "error";
    [field: string]: unknown;
  },
): string {
  const { turnId, paths } = makeTurnIn(lab.home.home, idAt(NOW - agoMs));
  const started_at = new Date(NOW - agoMs).toISOString();
  const text = JSON.parse(Deno.readTextFileSync(paths.meta));
  Deno.writeTextFileSync(
    paths.meta,
    JSON.stringify({ ...text, started_at, cwd: lab.repo, ...meta }),
  );
  Deno.writeTextFileSync(paths[marker], "");
  const ended = new Date(NOW - agoMs + tookMs);
  Deno.utimeSync(paths[marker], ended, ended);
  return turnId;
}

Deno.test("Row A12, newcomer C1, C2: list-turns tells prompt, age, duration and repository; a terminal gets a table", async (t) => {
  await using lab = await openLab();
  const long = "Explain what this repository does, 漢字 and all, " +
    "so that a newcomer understands it";
  const first = endedTurn(lab, {
    agoMs: 3 * 3600_000,
    tookMs: 250_000,
    label: "careful",
    prompt_head: long,
    repository: lab.repo,
  });
  // An older library kept no beginning of the prompt: prompt.txt has it.
  const second = endedTurn(lab, { agoMs: 241_000, tookMs: 38_000 });
  const failed = endedTurn(lab, {
    agoMs: 61_000,
    tookMs: 400,
    marker: "error",
    cwd: lab.home.home,
    prompt_head: "\x1b[31mred\u202e",
    repository: lab.home.home,
  });
  using running = holdTurn(lab.home.home);
  const ids = (document: { data: { turn_id: string }[] }) =>
    document.data.map(({ turn_id }) => turn_id);

  await t.step("JSON through a pipe", async () => {
    const listed = await lab.json("list-turns");
    assertEquals(ids(listed), [running.turnId, failed, second, first]);
    assertEquals(listed.data, listed.turns);
    assertEquals([listed.schema_version, listed.next_cursor], [1, null]);
    assertEquals(listed.data.at(-1), {
      turn_id: first,
      state: "complete",
      thread_id: null,
      started_at: new Date(NOW - 3 * 3600_000).toISOString(),
      ended_at: new Date(NOW - 3 * 3600_000 + 250_000).toISOString(),
      duration_s: 250,
      cwd: lab.repo,
      repository: lab.repo,
      model: null,
      label: "careful",
      prompt: long,
    });
    const [now, , older] = listed.data;
    const { state, ended_at, duration_s } = now;
    assertEquals([state, ended_at, duration_s], ["running", null, null]);
    assertEquals([older.prompt, older.repository], ["hello", null]);
  });
  await t.step("page after page", async () => {
    const page = await lab.json("list-turns", "-n", "3");
    assertEquals(page.next_cursor, second);
    const rest = await lab.json("list-turns", "--cursor", page.next_cursor);
    assertEquals([ids(rest), rest.next_cursor], [[first], null]);
    assertEquals(ids(await lab.json("list-turns", "--limit", "0")), []);
  });
  await t.step("--state and --here choose", async () => {
    const chosen = async (...args: string[]) =>
      ids(await lab.json("list-turns", ...args));
    assertEquals(await chosen("--state", "running"), [running.turnId]);
    assertEquals(
      await chosen("--state", "failed", "--state", "complete"),
      [failed, second, first],
    );
    assertEquals(await chosen("--here"), [second, first]);
    const odd = await lab.chat(["list-turns", "--state", "ended"]);
    assertEquals(odd.code, 2);
    assertMatch(odd.stderr, /--state must be one of running, complete/);
    assertEquals((await lab.chat(["list-turns", "--cursor", "x"])).code, 2);
  });
  await t.step(
    "a table on a terminal, harmless and 80 columns wide",
    async () => {
      const names = [running.turnId, failed, second, first]
        .map((id) => id.slice(-8));
      const lines = await linesOnTerminal(lab, "list-turns");
      assertEquals(
        lines.map((line) =>
          line.replace(
            /^(.*running +)(\d+ s)/,
            (_, before, age) => before + "N s".padEnd(age.length),
          )
        ),
        [
          "ID        STATE     AGE    TOOK        LABEL    PROMPT",
          ...[
            "running   N s                         hello",
            "failed    1 min  0.4 s                ␛[31mred<U+202E>",
            "complete  4 min  38 s                 hello",
            "complete  3 h    4 min 10 s  careful  Explain what this repository do…",
          ].map((row, index) => `${names[index]}  ${row}`),
          "",
        ],
      );
      const [, , more] = await linesOnTerminal(lab, "list-turns", "-n", "1");
      assertEquals(more, "(there are more: list-turns -n N)");
      const json = await linesOnTerminal(lab, "list-turns", "--json");
      assertEquals(JSON.parse(json.join("\n")).data.length, 4);
    },
  );
  await t.step(
    "colours on a terminal, as NO_COLOR and FORCE_COLOR say",
    async () => {
      const line = commandLine(lab, ["list-turns"]);
      const painted = async (env: Record<string, string>) =>
        (await onTerminal(lab, line, { env })).stdout
          .includes("\x1b[32mcomplete\x1b[0m");
      assertEquals(await painted({}), true);
      assertEquals(await painted({ NO_COLOR: "1" }), false);
      assertEquals(await painted({ NO_COLOR: "1", FORCE_COLOR: "1" }), true);
    },
  );
});
