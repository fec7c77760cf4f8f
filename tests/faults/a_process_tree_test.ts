/** Letter A of the fault catalogue: the worker, its caller, and the processes below it. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { START_GRACE_MS } from "../../assets/lib/turns/state.ts";
import {
  isAlive,
  type Lab,
  openLab,
  processesOf,
  ranOf,
  ROOT,
  until,
} from "../lab.ts";
import { message, response } from "../loopback/sse.ts";
import type { Play } from "../loopback/play.ts";
import { commandLine, quoted } from "../terminal.ts";
import { idAt } from "../turns/state_home.ts";
import { assertNothingLeft, killWorker, workerOf } from "../worker/killed.ts";
import { FULL, times } from "./fault.ts";
import { each } from "../lanes.ts";
import {
  brokenLibrary,
  bystander,
  commandOf,
  ended,
  layLauncher,
  processState,
  sh,
  signalsOf,
  spoken,
  tasksOf,
  waitingNew,
} from "./process_tree.ts";

const ENGINES = ["app-server", "sdk"];
/** Words that come one by one for longer than any test looks at them. */
const SPEAKING = "play text words=100 over=40000";
const HOME_OPEN = ["--sandbox", "danger-full-access"];

const engineFlags = (engine: string): string[] => ["--engine", engine];

/** A sleep of the lab, by its seconds. */
const sleeping = (lab: Lab, seconds: number) =>
  processesOf(lab.home.home).find(({ command }) =>
    command.startsWith(`sleep ${seconds}`)
  );

for (const engine of ENGINES) {
  Deno.test(`A6 SIGTERM, SIGINT and SIGHUP to the worker end its turn as cancelled (${engine})`, async () => {
    await using lab = await openLab();
    await Promise.all(
      (["SIGTERM", "SIGINT", "SIGHUP"] as const).map(async (signal) => {
        const prompt = `${SPEAKING} until=${signal}`;
        const turnId = await lab.start(prompt, ...engineFlags(engine));
        const turn = () =>
          lab.server.turns().find((turn) => turn.prompt === prompt);
        await until(() => !!turn()?.spoken[2], "the model to speak");
        if (engine === "app-server") await spoken(lab, turnId, "word-2");
        Deno.kill(await workerOf(lab, turnId), signal);
        const { state, error } = await ended(lab, turnId);
        assertEquals(state, "cancelled");
        assertEquals(error.code, "cancelled");
        assertStringIncludes(error.message, signal);
        const out = Deno.readTextFileSync(lab.turn(turnId).out);
        assertMatch(out, /\[cancelled\] .*SIG[A-Z]+\)\n$/);
        if (engine === "app-server") assertStringIncludes(out, "word-2");
        assertEquals(lab.result(turnId).status, "cancelled");
      }),
    );
    await assertNothingLeft(lab);
  });
}

/** Speaks one word, and the rest when it is told to. */
function pausing(rest: string[]): { play: Play; goOn: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const play: Play = (request) => {
    async function* steps() {
      let deltas = 0;
      for await (const step of response(request, message(["first", ...rest]))) {
        const isDelta = step.step === "send" &&
          step.event.type === "response.output_text.delta";
        if (isDelta && deltas++ === 1) await promise;
        yield step;
      }
    }
    return steps();
  };
  return { play, goOn: resolve };
}

Deno.test("A7 a worker that is stopped for a while is running, and completes its turn afterwards", async () => {
  const { play, goOn } = pausing([" second"]);
  await using lab = await openLab({ play });
  const stoppedMs = times(12_000, 60_000);
  const stop = async (engine: string) => {
    const flags = [...engineFlags(engine), "--idle-timeout", "5"];
    const turnId = await lab.start("hello", ...flags);
    const begun = () =>
      Deno.readTextFileSync(lab.turn(turnId).events).includes("turn.started");
    await until(begun, "the turn to begin");
    const pid = await workerOf(lab, turnId);
    Deno.kill(pid, "SIGSTOP");
    const stoppedAt = performance.now();
    await until(() => processState(pid) === "T", "the worker to be stopped");
    const looks: number[] = [];
    while (performance.now() - stoppedAt < stoppedMs) {
      const status = await lab.json("status", turnId);
      assertEquals(status.state, "running");
      looks.push(status.seconds_since_event);
      await new Promise((resolve) => setTimeout(resolve, stoppedMs / 6));
    }
    assertEquals(looks, looks.toSorted((a, b) => a - b));
    assert(looks.at(-1)! > stoppedMs / 1000 / 2, `${looks}`);
    Deno.kill(pid, "SIGCONT");
    return turnId;
  };
  const turnIds = await Promise.all(ENGINES.map(stop));
  // The silence goes on for some looks of the watchdog.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  goOn();
  for (const turnId of turnIds) {
    const { state, error } = await ended(lab, turnId);
    assertEquals([state, error], ["complete", undefined]);
    assertEquals(lab.result(turnId).text, "first second");
  }
});

Deno.test("A13 a closed stdout is refused before anything is done; /dev/null is not", async () => {
  await using lab = await openLab();
  const launcher = quoted(layLauncher(lab));
  for (const closed of [">&-", "<&- >&-", ">&- 3>&2"]) {
    const { code, stderr } = await sh(lab, `${launcher} new hello ${closed}`);
    assertEquals(code, 7);
    assertMatch(stderr, /^codex-server: stdout is closed, .+ — .+\n$/);
  }
  assertEquals((await sh(lab, `${launcher} new hello >&- 2>&-`)).code, 7);
  assertEquals(lab.turnIds(), []);

  for (const open of [">/dev/null", "1<>/dev/null", "2>&-", "<&-"]) {
    const { code, stderr } = await sh(lab, `${launcher} new hello ${open}`);
    assertEquals([code, stderr], [0, ""], open);
  }
  assertEquals(lab.turnIds().length, 4);
  for (const turnId of lab.turnIds()) {
    assertEquals((await ended(lab, turnId)).state, "complete");
  }
});

/** Runs argv[2:] with a full non-blocking pipe as stdout, and reads it when the file argv[1] comes. */
const FULL_PIPE = `
import os, subprocess, sys, time
r, w = os.pipe()
os.set_blocking(w, False)
filled = 0
try:
    while True: filled += os.write(w, b"x" * 4096)
except BlockingIOError: pass
child = subprocess.Popen(sys.argv[2:], stdout=w)
os.close(w)
while child.poll() is None and not os.path.exists(sys.argv[1]): time.sleep(0.01)
if os.path.exists(sys.argv[1]):
    while filled > 0: filled -= len(os.read(r, filled))
    sys.stdout.write(os.fdopen(r).read())
sys.exit(child.wait())
`;

Deno.test("A13 a full pipe that does not block gets the whole answer, or an error with the turn's id in bounded time", async () => {
  await using lab = await openLab();
  const run = (label: string, go: string) =>
    sh(
      lab,
      ["python3", "-c", quoted(FULL_PIPE), quoted(go)].join(" ") + " " +
        commandLine(lab, ["new", "--label", label, "hello"]),
    );
  const labelled = async (label: string) => {
    let turnId = "";
    await until(() => {
      turnId = lab.turnIds().find((id) =>
        JSON.parse(Deno.readTextFileSync(lab.turn(id).meta)).label === label
      ) ?? "";
      return turnId !== "";
    }, "the turn");
    await workerOf(lab, turnId);
    return turnId;
  };
  const read = async () => {
    const go = join(lab.home.home, "go");
    const running = run("read", go);
    const turnId = await labelled("read");
    Deno.writeTextFileSync(go, "");
    const { code, stdout, stderr } = await running;
    assertEquals([code, stderr], [0, ""]);
    const printed = JSON.parse(stdout);
    assertEquals(printed.turn_id, turnId);
    assertEquals(printed.meta_path, lab.turn(turnId).meta);
  };
  const unread = async () => {
    const started = performance.now();
    const { code, stderr } = await run("unread", join(lab.home.home, "never"));
    const turnId = await labelled("unread");
    assertEquals(code, 7);
    assertMatch(stderr, /^codex-server: .* — .*\n$/);
    assertStringIncludes(stderr, turnId);
    assert(performance.now() - started < 30_000, "it gave up");
    assertEquals((await ended(lab, turnId)).state, "complete");
  };
  await Promise.all([read(), unread()]);
});

/** PID 1 of its namespace: starts argv[1:] and never waits for anybody. */
const NEVER_WAITS = `
import signal, subprocess, sys, time
child = subprocess.Popen(sys.argv[1:])
while True: time.sleep(1)
`;

Deno.test("A14 a worker that is a zombie because nobody reaps it is not running", async () => {
  await using lab = await openLab();
  const namespace = new Deno.Command("unshare", {
    args: [
      ...["-pf", "--mount-proc", "--kill-child", "python3", "-c", NEVER_WAITS],
      ...["sh", "-c", `exec ${commandLine(lab, ["new", SPEAKING])}`],
    ],
    cwd: lab.repo,
    clearEnv: true,
    env: lab.env,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await until(() => lab.turnIds().length === 1, "the turn");
    const [turnId] = lab.turnIds() as [string];
    await spoken(lab, turnId, "word-2");
    const worker = processesOf(lab.home.home)
      .find(({ command }) => command.includes("worker.ts"))!;
    Deno.kill(worker.pid, "SIGKILL");
    await until(() => processState(worker.pid) === "Z", "it to be a zombie");
    const { state, error } = await lab.json("status", turnId);
    assertEquals([state, error.code], ["abandoned", "abandoned"]);
    const waited = await lab.chat(["wait", turnId]);
    assertEquals(waited.code, 1);
    assertStringIncludes(waited.stderr, "abandoned");
    const cancelled = await lab.chat(["cancel", turnId]);
    assertStringIncludes(cancelled.stdout, "was already abandoned");
    assertEquals(processState(worker.pid), "Z");
    const lives = () =>
      processesOf(lab.home.home).some(({ command }) =>
        command.startsWith(lab.codex)
      );
    await until(() => !lives(), "codex to end");
  } finally {
    namespace.kill("SIGKILL");
    await namespace.status;
  }
  await assertNothingLeft(lab);
});

/** Makes a dead turn of the past, its meta.json changed, and returns its id. */
function deadTurn(
  lab: Lab,
  like: string,
  change: Record<string, unknown>,
): string {
  const turnId = idAt(Date.now() - 8 * 24 * 60 * 60 * 1000);
  const [from, to] = [lab.turn(like), lab.turn(turnId)];
  Deno.mkdirSync(to.control, { recursive: true, mode: 0o700 });
  for (const file of ["events", "out", "prompt", "lock"] as const) {
    Deno.copyFileSync(from[file], to[file]);
  }
  const meta = JSON.parse(Deno.readTextFileSync(from.meta));
  Deno.writeTextFileSync(
    to.meta,
    JSON.stringify({ ...meta, turn_id: turnId, ...change }),
  );
  return turnId;
}

/** A turn whose worker was killed in mid-stream. */
async function killedTurn(lab: Lab): Promise<string> {
  const turnId = await lab.start(SPEAKING);
  await spoken(lab, turnId, "word-2");
  await killWorker(lab, turnId);
  await assertNothingLeft(lab);
  return turnId;
}

Deno.test("A16 after a reboot a turn is abandoned, and whoever has its pid now is left alone", async () => {
  await using lab = await openLab();
  await using stranger = bystander();
  const turnId = deadTurn(lab, await killedTurn(lab), { pid: stranger.pid });
  // What a power failure leaves of the guardian: its note, with a stamp of another boot.
  const note = join(lab.turn(turnId).dir, "codex.pid");
  Deno.writeTextFileSync(note, `${stranger.pid} 1\n`);
  const commands = [
    ["status", turnId],
    ["wait", turnId, "--timeout", "10"],
    ["cancel", turnId],
    ["tail", turnId],
    ["gc"],
  ].map((args) => commandLine(lab, args)).join("; ");
  const { ran, signals } = await signalsOf(lab, commands);
  assertEquals(signals, []);
  assertEquals(JSON.parse(ran.stdout.split("\n")[0]!).state, "abandoned");
  assertStringIncludes(ran.stdout, `Turn ${turnId} was already abandoned\n`);
  assertMatch(ran.stderr, /abandoned: .*worker is gone/);
  assert(isAlive(stranger.pid), "the stranger lives");
  assert(!lab.turnIds().includes(turnId), "the sweep took the turn");
});

Deno.test("A17 a pid that no worker can have makes a turn corrupt, and nobody is signalled", async () => {
  await using lab = await openLab();
  const dead = await killedTurn(lab);
  const turnIds = [-1, 0, 1, 10 ** 9, "x", 1.5, [2], true]
    .map((pid) => deadTurn(lab, dead, { pid }));
  const commands = turnIds.flatMap((turnId) => [
    commandLine(lab, ["status", turnId]),
    commandLine(lab, ["cancel", "--json", turnId]),
  ]);
  const { ran, signals } = await signalsOf(
    lab,
    [...commands, commandLine(lab, ["gc"])].join("; "),
  );
  assertEquals(signals, []);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  const documents = ran.stdout.split("\n").slice(0, 2 * turnIds.length)
    .map((line) => JSON.parse(line));
  assertEquals(
    documents.map(({ turn_id, state }) => [turn_id, state]),
    turnIds.flatMap((id) => [[id, "corrupt"], [id, "corrupt"]]),
  );
  assert(documents.every(({ reason }, at) => at % 2 === 1 || reason !== ""));
  assertEquals(lab.turnIds(), [dead]);
});

const GUARDIANS_LIMIT_S = 300;

/** A guardian for each note, in a namespace where it could do no harm; then one with a good note. */
const GUARDIANS = `
. "$1/born.sh"
sleep 300 & victim=$!
one=$(born 1)
for note in "-1" "-1 x" "-1 $one" "0" "0 1" "1 $one" "01 $one" "1000000000 1" "x" "x x" "$victim" "$victim 1" "-$victim $(born $victim)"; do
  echo "$note" > "$2/note"
  echo stop | sh "$1/guardian.sh" "$2/note" TERM
done
echo unharmed: $(born $victim)
echo "$victim $(born $victim)" > "$2/note"
echo stop | sh "$1/guardian.sh" "$2/note" TERM
wait $victim
echo ended: $?
`;

Deno.test("A17 a guardian whose note holds -1, 0, 1, 10^9 or a word signals nobody", async () => {
  const home = Deno.makeTempDirSync();
  try {
    const trace = join(home, "signals");
    const ran = await ranOf(
      new Deno.Command("timeout", {
        args: [
          // A guardian that ends everybody ends strace too, and nobody comes back.
          ...["-s", "KILL", String(GUARDIANS_LIMIT_S)],
          ...["unshare", "-pf", "--mount-proc", "--kill-child", "sh", "-c"],
          // Its first process is not the one that runs the script: PID 1 must be nobody's child.
          `strace -f -qq -e signal=none -e trace=kill,tkill,tgkill -o ${trace} sh -c "$0" sh "$1" "$2"; exit $?`,
          ...[GUARDIANS, join(ROOT, "assets/lib/system"), home],
        ],
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).output(),
    );
    assertMatch(ran.stdout, /^unharmed: \d+\nended: 143\n$/, ran.stderr);
    const signals = Deno.readTextFileSync(trace).split("\n")
      .filter((line) => line.includes("kill("));
    // Only the victim of the good note.
    const pids = new Set(signals.map((line) => /kill\((-?\d+)/.exec(line)![1]));
    assertEquals(pids.size, 1, signals.join("\n"));
    assert(Number([...pids][0]) > 1, signals.join("\n"));
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
});

/** A command that leaves a process with a session of its own behind, and runs on. */
const leaving = (seconds: number) =>
  `play command cmd=${
    encodeURIComponent(`setsid -f sleep ${seconds}; sleep 98`)
  }`;

for (const engine of ENGINES) {
  Deno.test(`A19 a command's own session ends with a turn that is cancelled, and with a worker that is killed (${engine})`, async () => {
    await using lab = await openLab();
    const start = async (seconds: number) => {
      const flags = [...engineFlags(engine), ...HOME_OPEN];
      const turnId = await lab.start(leaving(seconds), ...flags);
      await until(() => sleeping(lab, seconds) !== undefined, "the session");
      const { pid } = sleeping(lab, seconds)!;
      const parent = () =>
        Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1]!.split(
          " ",
        )[1];
      await until(() => parent() === "1", "its parent to have gone");
      return { turnId, pid };
    };
    const [first, second] = await Promise.all([start(96), start(97)]);
    await lab.chat(["cancel", first.turnId]);
    assert(!isAlive(first.pid), "it has gone when cancel says so");
    assert(isAlive(second.pid), "the other turn's lives");
    await killWorker(lab, second.turnId);
    await assertNothingLeft(lab);
  });
}

Deno.test("A19 a session that a completed turn left, and a turn that a cancelled one started, live on", async () => {
  await using lab = await openLab();
  const cmd = encodeURIComponent("setsid -f sleep 95");
  await lab.run(`play command cmd=${cmd}`, ...HOME_OPEN);
  const left = sleeping(lab, 95);
  assert(left, "what the user asked for stays");
  Deno.kill(left.pid, "SIGKILL");

  const outer = await lab.start(SPEAKING);
  await spoken(lab, outer, "word-2");
  const { stdout } = await lab.chat(["new", "play text words=6 over=1500"], {
    // As a command of the outer turn would call it.
    env: { CODEX_SERVER_NOTE: join(lab.turn(outer).dir, "codex.pid") },
  });
  const inner = JSON.parse(stdout).turn_id;
  await spoken(lab, inner, "word-1");
  await lab.chat(["cancel", outer]);
  assertEquals((await ended(lab, inner)).state, "complete");
});

Deno.test("A20 a Deno that has gone away is a JSON error with exit code 7, and no turn is left", async () => {
  await using lab = await openLab();
  const deno = join(lab.home.home, "deno");
  for (const now of [null, 0o644]) {
    Deno.copyFileSync(Deno.execPath(), deno);
    Deno.chmodSync(deno, 0o755);
    const waiting = await waitingNew(lab, { deno });
    Deno.removeSync(deno);
    if (now !== null) Deno.writeTextFileSync(deno, "", { mode: now });
    const { code, stdout, stderr } = await waiting.go();
    assertEquals([code, stdout], [7, ""]);
    const { error } = JSON.parse(stderr);
    assertEquals(error.code, "spawn_failed");
    assertStringIncludes(error.hint, "Deno");
    assertEquals(lab.turnIds(), []);
    if (now !== null) Deno.removeSync(deno);
  }
});

/** A user that has no other process. */
const SOMEBODY = 54_321;
/** Root's tools lie where nobody else may look; the limit of processes holds all the same. */
const AS_SOMEBODY = [
  ...["setpriv", `--reuid=${SOMEBODY}`, "--clear-groups"],
  ...["inh-caps", "ambient-caps", "bounding-set"]
    .map((set) => `--${set}=-all,+dac_override`),
];

Deno.test("A20 at the limit of processes new fails clean, or its turn does", async () => {
  await using lab = await openLab();
  const chown = await sh(lab, `chown -R ${SOMEBODY} ${quoted(lab.home.home)}`);
  assertEquals(chown.code, 0, chown.stderr);
  /** `new` once it is left no more than `more` processes and threads. */
  const limited = async (more: number) => {
    const waiting = await waitingNew(lab, { prefix: AS_SOMEBODY });
    const limit = tasksOf(SOMEBODY) + more;
    const set = ["prlimit", "--pid", `${waiting.pid}`, `--nproc=${limit}`];
    const { code, stderr } = await sh(lab, [...AS_SOMEBODY, ...set].join(" "));
    assertEquals(code, 0, stderr);
    return await waiting.go();
  };
  const refused = await limited(0);
  assertEquals([refused.code, refused.stdout], [7, ""]);
  const { error } = JSON.parse(refused.stderr);
  assertEquals(error.code, "spawn_failed");
  assertStringIncludes(error.hint, "ulimit -u");
  assertEquals(lab.turnIds(), []);

  // A worker that is born, and is refused the next process or thread that it asks for.
  const { turn_id } = JSON.parse((await limited(1)).stdout);
  const { state, error: told } = await ended(
    lab,
    turn_id,
    START_GRACE_MS + 15_000,
  );
  assert(["abandoned", "failed"].includes(state), state);
  assert(told.message !== "" && told.hint !== "", JSON.stringify(told));
  await assertNothingLeft(lab);
});

for (const engine of ENGINES) {
  Deno.test(`A21 without file descriptors new refuses, or its turn ends with the marker error (${engine})`, async () => {
    await using lab = await openLab();
    const quick = [16, 24, 27, 28, 29, 30, 32, 34];
    const limits = FULL ? Array.from({ length: 49 }, (_, n) => 16 + n) : quick;
    const seen: string[] = [];
    const run = async (limit: number) => {
      const args = ["new", "--json", ...engineFlags(engine), "hello"];
      const { code, stdout, stderr } = await sh(
        lab,
        `ulimit -n ${limit}; exec ${commandLine(lab, args)}`,
      );
      if (stdout === "") {
        assert(code !== 0 && stderr !== "", `${limit}: ${code} ${stderr}`);
        seen.push("refused");
        return;
      }
      const { turn_id } = JSON.parse(stdout);
      const { state, error } = await ended(lab, turn_id);
      seen.push(state);
      if (state === "complete") return;
      assertEquals(state, "failed", `${limit}`);
      const { size } = Deno.statSync(lab.turn(turn_id).error);
      assertEquals(size, 0);
      assertEquals(lab.result(turn_id).error, error);
      assertMatch(
        error.message + error.hint,
        /open files|os error 24|code: 24|ulimit/,
        `${limit}: ${JSON.stringify(error)}`,
      );
    };
    await each(limits, run);
    assert(seen.includes("refused") && seen.includes("failed"), `${seen}`);
    const told = seen.filter((state) => state !== "refused").length;
    assertEquals(lab.turnIds().length, told, "no other turn was left");
    await assertNothingLeft(lab);
  });

  Deno.test(`A22 a worker that runs out of memory leaves an abandoned turn with a reason, and no codex (${engine})`, async () => {
    const { play, goOn } = pausing(Array(60).fill("memory ".repeat(10_000)));
    await using lab = await openLab({ play });
    const turnId = await lab.start("hello", ...engineFlags(engine));
    await until(() => lab.server.openStreams > 0, "the model to speak");
    const pid = await workerOf(lab, turnId);
    const waiting = lab.chat(["wait", turnId]);
    // Not one page more: what comes now is too much.
    await sh(lab, `prlimit --pid ${pid} --as=1 --data=1`);
    goOn();
    const { code, stderr } = await waiting;
    assertEquals(code, 1);
    assertMatch(stderr, /abandoned: .*memory.* — .+\n$/);
    await assertNothingLeft(lab);
  });
}

const FAULT = 'new Error("planted fault")';
const NOTE = "watchdog.note(event);";
/** What follows is done once the turn has started. */
const STARTED = `${NOTE} if (event.type === "turn.started")`;
const FINISH = "const { error, structured } =";
const BREAKS: [name: string, file: string, edit: (source: string) => string][] =
  [
    [
      "a rejection that nobody catches",
      "worker/follow_engine.ts",
      (source) => source.replace(NOTE, `${STARTED} Promise.reject(${FAULT});`),
    ],
    [
      "an exception in a callback",
      "worker/follow_engine.ts",
      (source) =>
        source.replace(
          NOTE,
          `${STARTED} setTimeout(() => { throw ${FAULT}; });`,
        ),
    ],
    [
      "a library that cannot be loaded",
      "worker/run_turn.ts",
      (source) => `${source}\nthrow ${FAULT};\n`,
    ],
    [
      "a library that is cut off",
      "worker/recorder.ts",
      (source) => `${source}\nconst planted fault`,
    ],
    [
      "a turn that throws where nobody expects it",
      "worker/finish.ts",
      (source) => source.replace(FINISH, `throw ${FAULT}; ${FINISH}`),
    ],
  ];

Deno.test("A23 whatever fails in the worker, the turn has the marker error and tells the reason", async () => {
  await using lab = await openLab();
  const run = async ([name, file, edit]: typeof BREAKS[number]) => {
    const chat = brokenLibrary(lab, file, edit);
    const { code, stdout, stderr } = await sh(
      lab,
      commandOf(lab, chat, ["new", "hello"]),
    );
    assertEquals(code, 0, `${name}: ${stderr}`);
    const { turn_id } = JSON.parse(stdout);
    const { state, error } = await ended(lab, turn_id);
    assertEquals([state, error.code], ["failed", "internal"], name);
    assertMatch(error.message, /planted/, name);
    assertEquals(lab.result(turn_id).error, error, name);
    assertEquals(Deno.statSync(lab.turn(turn_id).error).size, 0, name);
    assertMatch(Deno.readTextFileSync(lab.turn(turn_id).log), /planted/, name);
    const waited = await lab.chat(["wait", turn_id]);
    assertEquals(waited.code, 1, name);
    assertMatch(waited.stderr, /planted/, name);
  };
  await each(BREAKS, run);
  await assertNothingLeft(lab);
});
