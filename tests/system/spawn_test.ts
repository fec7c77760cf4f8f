import { assert, assertEquals, assertRejects } from "@std/assert";
import { runProgram } from "../../assets/lib/system/spawn.ts";
import { isAlive, until } from "../lab.ts";

const sh = (script: string, timeoutMs = 60_000) =>
  runProgram("/bin/sh", ["-c", script], { timeoutMs });

Deno.test("a program's exit code, signal and both streams are told", async () => {
  const ran = await sh("echo out; echo err >&2; exit 3");
  assertEquals(
    [ran.code, ran.signal, ran.stdout, ran.stderr, ran.timedOut],
    [3, null, "out\n", "err\n", false],
  );
  const killed = await sh("kill -TERM $$");
  assertEquals([killed.code, killed.signal], [143, "SIGTERM"]);
});

Deno.test("review A8: a program that has ended is not waited for although a child of it holds the pipes", async () => {
  const { code, stdout, timedOut, elapsedMs } = await sh(
    "sleep 71 & echo $!; echo said; exit 0",
  );
  const [pid, said] = stdout.split("\n");
  try {
    assertEquals([code, said, timedOut], [0, "said", false]);
    assert(elapsedMs < 60_000);
    assert(isAlive(Number(pid)), "the child still holds them");
  } finally {
    Deno.kill(Number(pid), "SIGKILL");
  }
});

Deno.test("review A8: at its limit a program is killed, and what it had said is kept", async () => {
  const ran = await sh("echo $$; exec sleep 72", 500);
  assertEquals([ran.timedOut, ran.signal], [true, "SIGKILL"]);
  const pid = Number(ran.stdout);
  assert(pid > 1, ran.stdout);
  await until(() => !isAlive(pid), "the program to be gone");
});

Deno.test("a program that is not there is an error", async () => {
  await assertRejects(
    () => runProgram("/nowhere/program", [], { timeoutMs: 1000 }),
    Deno.errors.NotFound,
  );
});
