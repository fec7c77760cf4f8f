import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { layLauncher } from "../faults/process_tree.ts";
import { type Lab, openLab, processesOf, until } from "../lab.ts";
import { commandLine, shell, terminal } from "../terminal.ts";

/** A turn of a few seconds that its caller shall not be there to see the end of. */
const SLOW = "play text words=6 over=6000";

/** The only turn of the lab, once the model was asked. */
async function runningTurn(lab: Lab): Promise<string> {
  await until(() => lab.server.openStreams > 0, "the turn to run");
  return lab.turnIds()[0]!;
}

async function assertCompletes(lab: Lab, turnId: string): Promise<void> {
  const { code, stdout } = await lab.chat(["wait", turnId]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "word-6");
}

for (
  const [name, ending] of [
    ["A8 the worker outlives the SIGKILL of the caller's process group", "-g"],
    ["A9 the worker outlives the end of the caller's session", "-s"],
  ] as const
) {
  Deno.test(`${name} (Row A2)`, async () => {
    await using lab = await openLab();
    const caller = shell(lab, `${commandLine(lab, ["new", SLOW])}; sleep 100`);
    const turnId = await runningTurn(lab);
    // setsid made the shell the leader of its group and session.
    const args = ["-KILL", ending, String(caller.pid)];
    await new Deno.Command("pkill", { args }).output();
    await caller.output();
    await assertCompletes(lab, turnId);
  });
}

Deno.test("A10 the worker outlives the terminal that it was started on (Row A2)", async () => {
  await using lab = await openLab();
  const window = terminal(
    lab,
    `${commandLine(lab, ["new", SLOW])}; exec sleep 101`,
  );
  const turnId = await runningTurn(lab);
  window.kill("SIGKILL");
  await Promise.all([window.output(), window.stdin.close().catch(() => {})]);
  await assertCompletes(lab, turnId);
});

/** Runs `x=$(COMMAND)` and returns what x held; the caller must be back while it runs. */
async function substituted(lab: Lab, command: string): Promise<string> {
  const out = join(lab.home.home, "captured");
  const ran = await shell(lab, `x=$(${command}); printf %s "$x" > ${out}`)
    .output();
  assert(ran.success, new TextDecoder().decode(ran.stderr));
  return JSON.parse(Deno.readTextFileSync(out)).turn_id;
}

Deno.test("A11 a command substitution around new returns while the turn runs (Row A2)", async () => {
  await using lab = await openLab();
  for (const redirection of ["", "2>&1"]) {
    const command = commandLine(lab, ["new", SLOW]);
    const turnId = await substituted(lab, `${command} ${redirection}`);
    assertEquals((await lab.json("status", turnId)).state, "running");
    await assertCompletes(lab, turnId);
  }
});

/** What a script that takes a lock of its own around `new` reports of it afterwards. */
const LOCKING = `exec {lock}> "$HOME/script.lock" 99> "$HOME/high"
flock $lock
x=$(exec {fd}>&1 3>&1 77>&1; COMMAND)
exec {lock}>&-
flock -n "$HOME/script.lock" true && printf %s "$x" > "$HOME/captured"`;

Deno.test("A12 review A5, S6: no descriptor of the caller's reaches the worker, whatever its number, and a lock on one stays the caller's", async () => {
  await using lab = await openLab();
  const launched = `${layLauncher(lab)} new '${SLOW}'`;
  // The launcher closes them before it does anything, so nothing is waited for. Under the
  // long form the worker's first script does that, a moment after `new` has returned.
  const soon = LOCKING.replace("flock -n", "flock -w 20");
  for (
    const script of [
      LOCKING.replace("COMMAND", launched),
      soon.replace("COMMAND", commandLine(lab, ["new", SLOW])),
    ]
  ) {
    const child = new Deno.Command("bash", {
      args: ["-c", script],
      clearEnv: true,
      env: lab.env,
      cwd: lab.repo,
      stderr: "piped",
    });
    const { success, stderr } = await child.output();
    assert(success, new TextDecoder().decode(stderr));
    const captured = join(lab.home.home, "captured");
    const { turn_id: turnId } = JSON.parse(Deno.readTextFileSync(captured));
    const status = await lab.json("status", turnId);
    assertEquals(status.state, "running");
    await until(() => lab.server.openStreams > 0, "the turn to run");
    for (const { pid } of processesOf(turnId)) {
      for (const { name } of Deno.readDirSync(`/proc/${pid}/fd`)) {
        const target = readLinkIfThere(`/proc/${pid}/fd/${name}`);
        assert(!/script\.lock|\/high$/.test(target), `${pid}: ${target}`);
      }
    }
    await assertCompletes(lab, turnId);
  }
});

function readLinkIfThere(path: string): string {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return "";
  }
}
