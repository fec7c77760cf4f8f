/** Faults of the codex child, letter B of the fault catalogue, through both engines. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { pinFake } from "../codex/fake_codex.ts";
import { openLab, processesOf, until } from "../lab.ts";
import { killWorker } from "../worker/killed.ts";
import {
  bytesOf,
  eachEngine,
  endOf,
  ENGINES,
  eventsIn,
  peakMemory,
  stageOf,
} from "./codex_child.ts";
import { times } from "./fault.ts";

// ---- Codex dies ----

/** More on stderr than an error may carry, and its end. */
const LAST_WORDS =
  "head -c 100000 /dev/zero | tr '\\0' e >&2; echo ' last words ✓' >&2";

const DEATHS: [name: string, how: string, says: RegExp][] = [
  ["B1 codex is killed", "kill -9 $$", /SIGKILL/],
  ["B2 codex exits 3", "exit 3", /code 3\b/],
  ["B3 codex segfaults", "kill -SEGV $$", /SIGSEGV/],
];

for (const [name, how, says] of DEATHS) {
  eachEngine(
    `${name}: an error with that and the tail of stderr`,
    async ({ run }) => {
      const { result, out } = await run(
        `hear; begin; say half; ${LAST_WORDS}; ${how}`,
      );
      const { message, code, hint } = result.error;
      assertEquals([result.status, code], ["failed", "codex_exited"]);
      assertMatch(message, says);
      assert(message.endsWith("eee last words ✓"), message.slice(-40));
      // The sentence before the tail, and 8 KB of it.
      assert(bytesOf(message) <= 8 * 1024 + 60, `${bytesOf(message)} bytes`);
      assert(bytesOf(message) > 8 * 1024 - 60, `${bytesOf(message)} bytes`);
      assert(hint !== "");
      assertMatch(out, /^half\n\n\[failed\] /);
    },
  );
}

const SILENT_ENDS: [name: string, body: string, text: string][] = [
  ["B4 exit 0 without any event (Row D26)", "hear; exit 0", ""],
  [
    "B5 exit 0 without turn.completed (Row D26)",
    "hear; begin; say half; exit 0",
    "half",
  ],
  [
    "B18 exit 0 in the middle of a line",
    "hear; begin; say half; open_say; printf canary; exit 0",
    "half",
  ],
];

for (const [name, body, text] of SILENT_ENDS) {
  eachEngine(`${name} is an incomplete turn`, async ({ run }) => {
    const { result, events, log } = await run(body);
    assertEquals([result.status, result.error.code], ["failed", "incomplete"]);
    assertMatch(result.error.message, /without saying how the turn did/);
    assertEquals(result.text, text);
    if (events !== "") eventsIn(events);
    assertEquals(log.includes("canary"), name.startsWith("B18"));
  });
}

eachEngine(
  "B23 codex exits before it has read a long prompt: the turn fails, not the worker",
  async ({ lab, engine }) => {
    pinFake(lab, "hear thread/start; echo no thanks >&2; exit 1");
    const started = await lab.chat(["new", "--engine", engine, "-"], {
      stdin: "x".repeat(1_000_000),
    });
    const { result } = await endOf(lab, JSON.parse(started.stdout).turn_id);
    assertEquals([result.status, result.error.code], [
      "failed",
      "codex_exited",
    ]);
    assertMatch(result.error.message, /code 1\b.*no thanks/);
  },
);

// ---- Codex is silent ----

eachEngine(
  "B6 no first event: the turn fails at that deadline and says so",
  async ({ run }) => {
    const { result } = await run("sleep 101", ...["--idle-timeout", "1.5"]);
    assertEquals(result.error.code, "stalled");
    // A codex that has not even answered the handshake gets the time to start.
    assertEquals(
      result.error.message,
      "Codex gave no first event within 30 s",
    );
  },
);

// ---- Codex does not go ----

/** Ways in which codex stays after the end of its turn. */
const LINGERING: [name: string, body: string][] = [
  ["B9 codex closes stdout and lives on", "exec >&-; sleep 103"],
  ["B10 codex sleeps", "sleep 104"],
  ["B10 codex ignores signals", "trap '' INT TERM HUP; sleep 105; sleep 105"],
  ["B11 a grandchild holds stdout", "sleep 3 & exit 0"],
];

for (const [name, body] of LINGERING) {
  eachEngine(
    `${name}: the marker comes within two seconds of turn.completed`,
    async ({ run }) => {
      const { result, markedAfterMs } = await run(
        `hear; begin; say ok; complete; ${body}`,
      );
      assertEquals([result.status, result.text], ["complete", "ok"]);
      assert(markedAfterMs < 2000, `it came after ${markedAfterMs} ms`);
    },
  );
}

eachEngine(
  "B9 a codex that closes stdout in the middle of its turn is ended, and the turn fails",
  async ({ run }) => {
    const { result } = await run("hear; begin; say half; exec >&-; sleep 106");
    assertEquals([result.status, result.text], ["failed", "half"]);
    assertMatch(result.error.message, /closed its output/);
  },
);

// ---- What codex writes ----

eachEngine(
  "B12 garbage lines are kept raw in the worker's log, and the turn goes on",
  async ({ run }) => {
    const garbage = ["WARN hello", '{"cut": ', "7", "null", '["x"]'];
    const { result, events, log } = await run(
      `hear; begin; ${
        garbage.map((line) => `event '${line}'`).join("; ")
      }; say ok; complete`,
    );
    assertEquals([result.status, result.text], ["complete", "ok"]);
    for (const line of garbage) assertStringIncludes(log, `: ${line}\n`);
    assert(!/WARN|cut/.test(events), events);
  },
);

eachEngine("B13 blank lines and CRLF disturb nothing", async ({ run }) => {
  const { result, events, log } = await run(
    "hear; { begin; say ok; complete; } | sed 's/$/\\r\\n  \\n/'",
  );
  assertEquals([result.status, result.text], ["complete", "ok"]);
  assertEquals(eventsIn(events).at(-1).type, "turn.completed");
  assert(!log.includes("is no"), log);
});

/** The worker may have this much memory, in MiB. */
const MEMORY = 400;

eachEngine(
  "B14 a line of 50 MB is taken whole, and the worker stays small",
  async ({ lab, start }) => {
    const turnId = await start(
      `hear; begin; open_say; head -c 50000000 /dev/zero | tr '\\0' x; close_say
say ok; complete; sleep 1`,
    );
    const peak = await peakMemory(lab, turnId);
    const { result, events } = await endOf(lab, turnId);
    assertEquals([result.status, result.text], ["complete", "ok"]);
    const [long] = eventsIn(events).filter(({ item }) =>
      item?.text?.length > 9
    );
    assertEquals(long.item.text.length, 50_000_000);
    assert(peak < MEMORY, `${peak} MiB`);
  },
);

eachEngine(
  "B15 a gigabyte without a newline ends the turn at the cap, and codex with it",
  async ({ lab, start }) => {
    const turnId = await start(
      "trap '' PIPE; hear; begin; head -c 1000000000 /dev/zero | tr '\\0' x; sleep 107",
    );
    const peak = await peakMemory(lab, turnId);
    const { result } = await endOf(lab, turnId);
    assertEquals(result.status, "failed");
    assertEquals(result.error.message, "Codex wrote a line of more than 64 MB");
    assert(peak < MEMORY, `${peak} MiB`);
  },
);

eachEngine("B16 what is not UTF-8 becomes U+FFFD", async ({ run }) => {
  const { result, events } = await run(
    "hear; begin; open_say; printf 'a\\377b\\342\\234c\\303'; close_say; complete",
  );
  assertEquals(result.text, "a\ufffdb\ufffdc\ufffd");
  assertStringIncludes(events, "a\ufffdb\ufffdc\ufffd");
});

eachEngine(
  "B17 UTF-8 that is split at every byte gives the same text",
  async ({ run }) => {
    const text = "é 漢 🚀";
    const bytes = Array.from(new TextEncoder().encode(text)).map((byte) =>
      `printf '\\${byte.toString(8).padStart(3, "0")}'; sleep 0.02`
    );
    const { result } = await run(
      `hear; begin; open_say; ${bytes.join("; ")}; close_say; complete`,
    );
    assertEquals(result.text, text);
  },
);

eachEngine(
  "B19 events and items of a newer codex are stored and disturb nothing (Row D31)",
  async ({ run }) => {
    const { result, events, out } = await run(
      "hear; begin; strange; say fine; complete",
    );
    assertEquals([result.status, result.text], ["complete", "fine"]);
    assertStringIncludes(events, '"deep":{"x":[1]}');
    assertStringIncludes(events, '"type":"hologram","beam":1');
    assertMatch(out, /^fine\n\n\[done\][^\n]*\n$/);
  },
);

for (const late of ["complete", "fail late"]) {
  eachEngine(
    `B20 the first terminal event counts, and '${late}' after it changes nothing`,
    async ({ run }) => {
      const { result, events, out } = await run(
        `hear; begin; say first; complete; say late; ${late}`,
      );
      assertEquals([result.status, result.text], ["complete", "first"]);
      assertEquals(result.error, undefined);
      assertEquals(eventsIn(events).at(-1).type, "turn.completed");
      assertMatch(out, /^first\n\n\[done\][^\n]*\n$/);
    },
  );
}

eachEngine(
  "B21 turn.failed and exit 0 is a failed turn with codex's reason",
  async ({ run }) => {
    const { result, out } = await run(
      "hear; begin; fail 'the canary died'; exit 0",
    );
    assertEquals(result.status, "failed");
    assertEquals(result.error.message, "the canary died");
    assertEquals(out, "[failed] the canary died\n");
  },
);

eachEngine(
  "B22 100 MB on stderr: memory, log and error stay small",
  async ({ lab, start }) => {
    const noise = "head -c 100000000 /dev/zero | tr '\\0' e >&2";
    const ends = [["say ok; complete; sleep 1", "complete"], [
      "exit 1",
      "failed",
    ]];
    for (const [end, status] of ends) {
      const turnId = await start(`hear; begin; ${noise}; ${end}`);
      const peak = await peakMemory(lab, turnId);
      const { result, log } = await endOf(lab, turnId);
      assertEquals(result.status, status);
      assert(peak < 150, `${peak} MiB`);
      assert(bytesOf(log) < 20_000, `${bytesOf(log)} bytes of log`);
      assert(bytesOf(JSON.stringify(result)) < 20_000);
    }
  },
);

eachEngine(
  `B24 ${
    times(50_000, 1_000_000)
  } small events: none lost, memory bounded, readers too`,
  async ({ lab, start }) => {
    const commands = times(25_000, 500_000);
    const turnId = await start(
      `hear; begin; work ${commands}; say ok; complete; sleep 1`,
    );
    const peak = await peakMemory(lab, turnId);
    const { result, events, out } = await endOf(lab, turnId);
    assertEquals([result.status, result.text], ["complete", "ok"]);
    const lines = events.trimEnd().split("\n");
    // thread.started, turn.started, the message, turn.completed
    assertEquals(lines.length, 2 * commands + 4);
    const ids = lines.slice(2, -2).filter((_, index) => index % 2 === 1).map(
      (line) => line.match(/"id":"c(\d+)"/)?.[1],
    );
    assert(ids.every((id, index) => id === String(index + 1)), "in order");
    assertEquals(out.match(/^\[command\] .* → exit/gm)?.length, commands);
    assert(peak < 250, `${peak} MiB`);
  },
);

Deno.test("B24 how a turn with many events stands is told in little memory", async () => {
  await using lab = await openLab();
  const { start } = stageOf(lab, "sdk");
  const turnId = await start("hear; begin; work 40000; say last; sleep 108");
  const { out } = lab.turn(turnId);
  const size =
    40_000 * bytesOf("[command] true\n[command] true → exit 0, 0.0 s\n") +
    bytesOf("\nlast\n");
  await until(() => Deno.statSync(out).size === size, "the last one", 60_000);
  await killWorker(lab, turnId);
  // All of events.jsonl at once would not fit.
  const env = { DENO_V8_FLAGS: "--max-old-space-size=16" };
  for (const verb of ["wait", "status", "result", "watch"]) {
    const told = await lab.chat([verb, turnId], { env });
    assertStringIncludes(told.stdout + told.stderr, "abandoned", verb);
  }
  await until(() => processesOf(lab.home.home).length === 0, "its end", 4000);
});

// ---- The model's service ----

/** How codex tries again here: three times, with pauses of 0.2 s, 0.4 s and 0.8 s. */
const RETRIES = "stream_max_retries = 3\nrequest_max_retries = 1";

const SERVICE: [
  prompt: string,
  code: string,
  says: RegExp,
  /** Where codex tries again without a word there is no progress to show. */
  tellsOfRetries: boolean,
][] = [
  ["play status429", "rate_limited", /429/, false],
  ["play status500", "unreachable", /500|high demand/, true],
  ["play cut", "unreachable", /stream disconnected/, true],
];

for (const engine of ENGINES) {
  Deno.test(`B25 the model's service fails: retries are told as progress, then there is a clear error (${engine})`, async () => {
    await using lab = await openLab({ provider: RETRIES });
    for (const [prompt, code, says, tellsOfRetries] of SERVICE) {
      const turnId = await lab.start(prompt, "--engine", engine);
      const phases = new Set<string>();
      await until(async () => {
        const { state, phase } = await lab.json("status", turnId);
        phases.add(phase);
        return state !== "running";
      }, `the end of ${prompt}`);
      const { result: { status, error }, out } = await endOf(lab, turnId);
      assertEquals([prompt, status, error.code], [prompt, "failed", code]);
      assertMatch(error.message, says);
      assert(error.hint !== "");
      assertMatch(out, /^\[failed\] /m);
      if (!tellsOfRetries) continue;
      assertMatch(out, /^\[retry\] Reconnecting/m, prompt);
      assert(phases.has("retrying"), `${prompt}: ${[...phases].join(", ")}`);
    }
    const flags = ["--engine", engine, "--idle-timeout", "1.5"];
    const hung = await lab.run("play hang words=2", ...flags);
    assertEquals(lab.result(hung).error.code, "stalled");
  });
}

// ---- The app-server's protocol ----

const RPC_FAULTS: [name: string, body: string, code: string, says: RegExp][] = [
  [
    "an error reply",
    `hear thread/start; read -r line; id=\${line#'{"id":'} id=\${id%%,*}
event '{"id":'"$id"',"error":{"code":-32600,"message":"canary-no"}}'`,
    "codex_failed",
    /canary-no/,
  ],
  [
    "a wrong id",
    `hear thread/start; read -r line; event '{"id":99,"result":{}}'`,
    "stalled",
    /no first event within 2 s/,
  ],
  [
    "unknown and unwanted requests, then its death",
    `hear; begin; started c1
event '{"id":"a","method":"something/new","params":{"threadId":"'$thread'"}}'
event '{"id":7,"method":"item/commandExecution/requestApproval","params":{"threadId":"'$thread'","turnId":"u1","itemId":"c1"}}'
read -r one; read -r two; printf '%s\\n' "$one" "$two" >&2; exit 5`,
    "codex_exited",
    /code 5\b/,
  ],
];

Deno.test("B26 the app-server breaks its protocol: requests are answered by policy, the turn ends as an error", async (t) => {
  await using lab = await openLab();
  for (const [name, body, code, says] of RPC_FAULTS) {
    await t.step(name, async () => {
      const { run } = stageOf(lab, "app-server");
      const { result, log } = await run(body, "--idle-timeout", "2");
      const { message } = result.error;
      assertEquals([result.status, result.error.code], ["failed", code]);
      assertMatch(message, says);
      if (name === "a wrong id") assertStringIncludes(log, '{"id":99,');
      if (code !== "codex_exited") return;
      const answers = message.match(/\{"id".*\}/g).map((line: string) =>
        JSON.parse(line)
      );
      assertEquals([answers[0].id, answers[0].error.code], ["a", -32601]);
      assertEquals(answers[1], { id: 7, result: { decision: "decline" } });
    });
  }
});
